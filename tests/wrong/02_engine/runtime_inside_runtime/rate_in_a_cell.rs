//! fails: the_rate_comes_from_a_task_on_the_same_thread
//! says: and nobody asked for it: its future was polled 0 times

use std::sync::{Arc, Mutex};

use tokio::sync::oneshot;

/// The line for `customer`, once `rate` is known.
pub async fn invoice<R>(customer: &str, rate: R) -> String
where
    R: Future<Output = u32> + Send + 'static,
{
    let known = Arc::new(Mutex::new(100));
    let cell = known.clone();
    tokio::spawn(async move { *cell.lock().expect("no task panics") = rate.await });
    let rate = *known.lock().expect("no task panics");
    format!("{customer} pays at {rate}")
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (publish, published) = oneshot::channel();
    tokio::spawn(async move { publish.send(108) });
    let rate = async move { published.await.unwrap_or(100) };
    println!("{}", invoice("Ada", rate).await);
}
