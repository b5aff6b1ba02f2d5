//! fails: the_rate_comes_from_a_task_on_the_same_thread
//! says: had polled the rate once, the rate was not there yet

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
    yield_now().await;
    let polled = rate.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    let Poll::Ready(rate) = polled else {
        panic!("the rate has been sent");
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
