//! fails: the_rate_comes_from_a_task_on_the_same_thread
//! says: One rate came, and `invoice` was polled

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use tokio::sync::oneshot;
use tokio::task::yield_now;

/// The line for `customer`, once `rate` is known, however late. If `rate` panics, so does this.
pub async fn invoice<R>(customer: &str, rate: R) -> String
where
    R: Future<Output = u32> + Send + 'static,
{
    let mut rate = pin!(rate);
    let rate = loop {
        if let Poll::Ready(rate) = rate.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            break rate;
        }
        yield_now().await;
    };
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
