//! fails: the_rate_comes_from_a_task_on_the_same_thread
//! says: `invoice` called `block_on` on a thread that already drives a runtime.

use tokio::runtime::Builder;
use tokio::sync::oneshot;

/// The line for `customer`, once `rate` is known.
pub async fn invoice<R>(customer: &str, rate: R) -> String
where
    R: Future<Output = u32> + Send + 'static,
{
    let rt = Builder::new_current_thread().enable_all().build().expect("the system has threads to spare");
    let rate = rt.block_on(rate);
    format!("{customer} pays at {rate}")
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (publish, published) = oneshot::channel();
    tokio::spawn(async move { publish.send(108) });
    let rate = async move { published.await.unwrap_or(100) };
    println!("{}", invoice("Ada", rate).await);
}
