//! fails: any_thread_may_run_a_request
//! says: ran on the thread that called `load_all`
//!
//! The trait has the promise, and nobody uses it.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::LocalSet;
use tokio::time::sleep;

/// Where the prices are. Other teams write these, each with an `async fn get`, as `Database` below has it. While a request
/// waits, it may hold anything that can move to another thread. A store that holds something else is refused where it is
/// written.
pub trait Store: Send + Sync + 'static {
    fn get(&self, key: u32) -> impl Future<Output = Option<String>> + Send;
}

/// Asks for each key once for each time that it is in the list. If a `get` panics, so does `load_all`.
pub async fn load_all<S: Store>(store: Arc<S>, keys: Vec<u32>) -> Vec<Option<String>> {
    let local = LocalSet::new();
    let tasks: Vec<_> = keys
        .into_iter()
        .map(|key| {
            let store = Arc::clone(&store);
            local.spawn_local(async move { store.get(key).await })
        })
        .collect();
    local
        .run_until(async {
            let mut values = Vec::new();
            for task in tasks {
                values.push(task.await.expect("`get` does not panic"));
            }
            values
        })
        .await
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
