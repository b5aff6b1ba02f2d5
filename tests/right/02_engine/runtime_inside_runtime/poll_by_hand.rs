//! Boxed and polled by hand with the waker of the invoice (clumsy).

use std::future::poll_fn;
use std::task::Poll;

use tokio::sync::oneshot;

/// The line for `customer`, once `rate` is known, however late. If `rate` panics, so does this.
pub async fn invoice<R>(customer: &str, rate: R) -> String
where
    R: Future<Output = u32> + Send + 'static,
{
    let mut rate = Box::pin(rate);
    poll_fn(move |cx| match rate.as_mut().poll(cx) {
        Poll::Ready(rate) => Poll::Ready(format!("{customer} pays at {rate}")),
        Poll::Pending => Poll::Pending,
    })
    .await
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    // A channel for one value. The receiving end is a future, and ready when the value has been sent.
    let (publish, published) = oneshot::channel();
    tokio::spawn(async move { publish.send(108) });
    let rate = async move { published.await.unwrap_or(100) };
    println!("{}", invoice("Ada", rate).await);
}
