//! `invoice` needs an exchange rate before it can write its line. The rate comes from another task of the same
//! program. Hundreds of invoices wait at the same time, all of them on one thread: the program starts no other.
//!
//! `block_on` worked well while `invoice` was a plain `fn`. Since it became async, every invoice panics.

use tokio::runtime::Runtime;
use tokio::sync::oneshot;

/// Returns the line for `customer` when `rate` is known, however late. If `rate` panics, so does this function.
pub async fn invoice<R>(customer: &str, rate: R) -> String
where
    R: Future<Output = u32> + Send + 'static,
{
    let rt = Runtime::new().expect("the system has threads to spare");
    let rate = rt.block_on(rate);
    format!("{customer} pays at {rate}")
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    // A channel for one value. Its receiver is a future that is ready when the value has been sent.
    let (publish, published) = oneshot::channel();
    tokio::spawn(async move { publish.send(108) });
    let rate = async move { published.await.unwrap_or(100) };
    println!("{}", invoice("Ada", rate).await);
}
