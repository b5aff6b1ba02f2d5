//! situation: async_fn_in_trait
//! says: promises a plan

pub trait Api {
    async fn get(&self) -> u32;
}
pub fn run() {}
