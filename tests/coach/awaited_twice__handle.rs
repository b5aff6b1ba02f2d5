//! situation: awaited_twice
//! says: Awaiting `handle`

pub async fn total() {
    let handle = tokio::spawn(async { 1 });
    handle.await.unwrap();
    handle.abort();
}
pub fn run() {}
