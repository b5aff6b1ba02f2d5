//! fails: the_line_waits_however_late_the_rate_is
//! says: `invoice` was polled

use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::sleep;

/// The line for `customer`, once `rate` is known, however late. If `rate` panics, so does this.
pub async fn invoice<R>(customer: &str, rate: R) -> String
where
    R: Future<Output = u32> + Send + 'static,
{
    let task = tokio::spawn(rate);
    while !task.is_finished() {
        sleep(Duration::from_millis(1)).await;
    }
    let rate = task.await.expect("the rate does not panic");
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
