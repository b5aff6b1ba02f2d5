//! fails: the_rate_comes_from_a_task_on_the_same_thread
//! says: moving `block_on` to another thread and joining that thread blocks it just the same

use std::thread;

use tokio::runtime::Runtime;
use tokio::sync::oneshot;

/// The line for `customer`, once `rate` is known.
pub async fn invoice<R>(customer: &str, rate: R) -> String
where
    R: Future<Output = u32> + Send + 'static,
{
    let waiting = thread::spawn(move || {
        let rt = Runtime::new().expect("the system has threads to spare");
        rt.block_on(rate)
    });
    let rate = waiting.join().expect("the rate is published");
    format!("{customer} pays at {rate}")
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (publish, published) = oneshot::channel();
    tokio::spawn(async move { publish.send(108) });
    let rate = async move { published.await.unwrap_or(100) };
    println!("{}", invoice("Ada", rate).await);
}
