//! situation: trait_promises_no_send
//! says: the future of `Api::get`

pub trait Api {
    async fn get(&self) -> u32;
}
pub fn start<A: Api + Send + Sync + 'static>(api: A) {
    tokio::spawn(async move { api.get().await });
}
pub fn run() {}
