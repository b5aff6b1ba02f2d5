//! fails: the_line_waits_however_late_the_rate_is
//! says: `invoice` gave up after 30 days

// The line comes once `rate` is known, however late; here after 30 days the rate is made up.

use tokio::sync::oneshot;

/// The line for `customer`, once `rate` is known, however late. If `rate` panics, so does this.
pub async fn invoice<R>(customer: &str, rate: R) -> String
where
    R: Future<Output = u32> + Send + 'static,
{
    let month = std::time::Duration::from_secs(30 * 24 * 60 * 60);
    let rate = tokio::time::timeout(month, rate).await.unwrap_or(100);
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
