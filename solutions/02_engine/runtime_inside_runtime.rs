//! `invoice` needs an exchange rate before it can write its line. The rate comes from another task of the same
//! program. Hundreds of invoices wait at the same time, all of them on one thread: the program starts no other.

use tokio::sync::oneshot;

/// Returns the line for `customer` when `rate` is known, however late. If `rate` panics, so does this function.
pub async fn invoice<R>(customer: &str, rate: R) -> String
where
    R: Future<Output = u32> + Send + 'static,
{
    // `block_on` blocks its thread until the future is done. But this thread already drives the runtime: it has to go
    // back to the executor, or the task that publishes the rate never runs. That is what `.await` does. It parks this
    // future, not this thread.
    //
    // Tokio rejects a `block_on` inside a `block_on` with a panic. It does not notice a `block_on` from another crate,
    // or one on another thread that you then join. Those sleep forever: they wait for a task that needs this thread.
    let rate = rate.await;
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
