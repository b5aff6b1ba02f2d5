//! fails: the_rate_comes_from_a_task_on_the_same_thread
//! says: 1 more thread was started to wait for the rate

use tokio::runtime::Handle;
use tokio::sync::oneshot;

/// The line for `customer`, once `rate` is known.
pub async fn invoice<R>(customer: &str, rate: R) -> String
where
    R: Future<Output = u32> + Send + 'static,
{
    let here = Handle::current();
    let waiting = tokio::task::spawn_blocking(move || here.block_on(rate));
    let rate = waiting.await.expect("the rate is published");
    format!("{customer} pays at {rate}")
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (publish, published) = oneshot::channel();
    tokio::spawn(async move { publish.send(108) });
    let rate = async move { published.await.unwrap_or(100) };
    println!("{}", invoice("Ada", rate).await);
}
