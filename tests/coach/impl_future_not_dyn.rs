//! situation: impl_future_not_dyn
//! says: `get` returns `impl Future`
//! says: implementation of `Api`

pub trait Api {
    fn get(&self) -> impl Future<Output = u32> + Send;
}
pub async fn call(api: Box<dyn Api>) -> u32 {
    api.get().await
}
pub fn run() {}
