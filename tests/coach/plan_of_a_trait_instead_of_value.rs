//! situation: plan_of_a_trait_instead_of_value
//! says: `api.get()` hands out
//! says: here `u32` is needed

pub trait Api {
    fn get(&self) -> impl Future<Output = u32>;
}
pub fn load(api: &impl Api) -> u32 {
    api.get()
}
pub fn run() {}
