//! fails: the_rate_comes_from_a_task_on_the_same_thread
//! says: The only runtime thread is asleep, waiting for a task that needs that same thread.

use tokio::sync::oneshot;

/// The line for `customer`, once `rate` is known.
pub async fn invoice<R>(customer: &str, rate: R) -> String
where
    R: Future<Output = u32> + Send + 'static,
{
    let (send, receive) = std::sync::mpsc::channel();
    tokio::spawn(async move { send.send(rate.await) });
    let rate = receive.recv().expect("the rate is published");
    format!("{customer} pays at {rate}")
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (publish, published) = oneshot::channel();
    tokio::spawn(async move { publish.send(108) });
    let rate = async move { published.await.unwrap_or(100) };
    println!("{}", invoice("Ada", rate).await);
}
