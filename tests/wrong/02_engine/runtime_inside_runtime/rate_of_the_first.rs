//! fails: a_known_rate_is_written_down
//! says: Two invoices, one after the other: the rate of the first is

// a static keeps the rate of the first invoice: every later invoice is written at that one, and its own `rate` is never asked

use tokio::sync::{OnceCell, oneshot};

static RATE: OnceCell<u32> = OnceCell::const_new();

/// The line for `customer`, once `rate` is known, however late. If `rate` panics, so does this.
pub async fn invoice<R>(customer: &str, rate: R) -> String
where
    R: Future<Output = u32> + Send + 'static,
{
    // all invoices of a day have the same rate
    let rate = RATE.get_or_init(move || rate).await;
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
