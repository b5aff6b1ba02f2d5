//! fails: any_thread_may_run_a_request
//! says: was made in no task, but in the future of `load_all` itself
//!
//! All requests in one future, which one thread at a time can run.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

/// Where the prices are. Other teams write these, each with an `async fn get`, as `Database` below has it. While a request
/// waits, it may hold anything that can move to another thread. A store that holds something else is refused where it is
/// written.
pub trait Store: Send + Sync + 'static {
    fn get(&self, key: u32) -> impl Future<Output = Option<String>> + Send;
}

/// Asks for each key once for each time that it is in the list. If a `get` panics, so does `load_all`.
pub async fn load_all<S: Store>(store: Arc<S>, keys: Vec<u32>) -> Vec<Option<String>> {
    let mut requests: Vec<_> = keys.iter().map(|key| Box::pin(store.get(*key))).collect();
    let mut values: Vec<Option<Option<String>>> = vec![None; keys.len()];
    std::future::poll_fn(|context| {
        for (request, value) in requests.iter_mut().zip(&mut values) {
            if value.is_none()
                && let std::task::Poll::Ready(output) = request.as_mut().poll(context)
            {
                *value = Some(output);
            }
        }
        if values.iter().all(Option::is_some) { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    values.into_iter().flatten().collect()
}

struct Database;

impl Store for Database {
    async fn get(&self, key: u32) -> Option<String> {
        sleep(Duration::from_millis(300)).await;
        (key < 100).then(|| format!("{}.99", 3 * key))
    }
}

#[tokio::main]
async fn main() {
    for price in load_all(Arc::new(Database), vec![7, 1, 700]).await {
        println!("{price:?}");
    }
}
