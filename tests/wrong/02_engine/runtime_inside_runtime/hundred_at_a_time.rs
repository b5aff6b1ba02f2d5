//! fails: hundreds_of_invoices_wait_at_once
//! says: of them had asked for their rate: the others waited for those

// only 100 invoices wait for their rates at a time; hundreds do, and the line of the 101st does not come though its rate is known

use tokio::sync::{Semaphore, oneshot};

/// Not too many at once, the program has one thread only.
static DESK: Semaphore = Semaphore::const_new(100);

/// The line for `customer`, once `rate` is known, however late. If `rate` panics, so does this.
pub async fn invoice<R>(customer: &str, rate: R) -> String
where
    R: Future<Output = u32> + Send + 'static,
{
    let _permit = DESK.acquire().await.expect("the desk never closes");
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
