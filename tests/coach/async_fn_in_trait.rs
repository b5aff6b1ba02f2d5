//! situation: async_fn_in_trait
//! says: promises a future

pub trait Api {
    async fn get(&self) -> u32;
}
pub fn run() {}
