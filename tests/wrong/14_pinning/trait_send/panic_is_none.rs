//! fails: a_panic_is_not_lost
//! says: as if nothing had happened. If a `get` panics, so does `load_all`
//!
//! If a `get` panics, so does load_all: here it becomes a missing price.

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
    let mut tasks = Vec::new();
    for key in keys {
        let store = Arc::clone(&store);
        tasks.push(tokio::spawn(async move { store.get(key).await }));
    }

    let mut values = Vec::new();
    for task in tasks {
        values.push(task.await.unwrap_or(None));
    }
    values
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
