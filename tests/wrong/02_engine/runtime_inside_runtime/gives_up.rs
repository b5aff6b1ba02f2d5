//! fails: the_line_waits_however_late_the_rate_is
//! says: times, the rate was not there yet, and `invoice` gave up with a panic

// gives up after an hour and panics; the line is to come once the rate is known, however late

use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::timeout;

/// The line for `customer`, once `rate` is known, however late. If `rate` panics, so does this.
pub async fn invoice<R>(customer: &str, rate: R) -> String
where
    R: Future<Output = u32> + Send + 'static,
{
    let rate = timeout(Duration::from_secs(3600), rate).await.expect("the rate is published within the hour");
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
