//! `invoice` needs an exchange rate before it can write its line. The rate comes from another task of the same
//! program. Hundreds of invoices wait at a time, and all of them on one thread: the program starts no other.

use tokio::sync::oneshot;

/// The line for `customer`, once `rate` is known, however late. If `rate` panics, so does this.
pub async fn invoice<R>(customer: &str, rate: R) -> String
where
    R: Future<Output = u32> + Send + 'static,
{
    // `block_on` holds its thread until the future is done. This thread is already the engine: it has to go back to the
    // executor, so that the task that publishes the rate gets its turn. That is what `.await` does. It parks this
    // future, not this thread.
    //
    // Tokio refuses a `block_on` inside a `block_on` with a panic. A `block_on` from elsewhere, or one moved to another
    // thread that is then joined, is not refused: it sleeps for good, because it waits for a task that needs this
    // thread.
    let rate = rate.await;
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
