//! situation: plan_of_a_trait_instead_of_value
//! says: `api.get()` returns a future
//! says: `u32` is needed here

pub trait Api {
    fn get(&self) -> impl Future<Output = u32>;
}
pub fn load(api: &impl Api) -> u32 {
    api.get()
}
pub fn run() {}
