//! fails: the_rate_comes_from_a_task_on_the_same_thread
//! says: more thread was started to wait for the rate

use std::thread;

use tokio::runtime::Handle;
use tokio::sync::oneshot;

/// The line for `customer`, once `rate` is known, however late. If `rate` panics, so does this.
pub async fn invoice<R>(customer: &str, rate: R) -> String
where
    R: Future<Output = u32> + Send + 'static,
{
    let (answer, answered) = oneshot::channel();
    let here = Handle::current();
    thread::spawn(move || answer.send(here.block_on(rate)));
    let rate = answered.await.expect("the rate does not panic");
    format!("{customer} pays at {rate}")
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    // A channel for one value. The receiving end is a future, and ready when the value has been sent.
    let (publish, published) = oneshot::channel();
    tokio::spawn(async move { publish.send(108) });
    let rate = async move { published.await.unwrap_or(100) };
    println!("{}", invoice("Ada", rate).await);
}
