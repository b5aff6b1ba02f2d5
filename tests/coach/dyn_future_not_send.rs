//! situation: dyn_future_not_send
//! says: holds a boxed `dyn Future`

use std::pin::Pin;
pub async fn wait() {
    let job: Pin<Box<dyn Future<Output = ()>>> = Box::pin(async {});
    tokio::spawn(async move { job.await });
}
pub fn run() {}
