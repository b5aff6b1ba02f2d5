//! situation: async_trait_not_dyn
//! says: `get` is `async`
//! says: implementation of `Api`

pub trait Api {
    async fn get(&self) -> u32;
}
pub async fn call(api: &dyn Api) -> u32 {
    api.get().await
}
pub fn run() {}
