//! situation: awaited_plan_not_send
//! says: The future of `api.get()`

pub trait Api {
    fn get(&self) -> impl Future<Output = u32>;
}
pub fn start<A: Api + Send + Sync + 'static>(api: A) {
    tokio::spawn(async move { api.get().await });
}
pub fn run() {}
