//! fails: the_values_come_in_the_order_of_the_keys
//! says: and the store was asked for it once. It is asked for each key once for each time that the
//!
//! Asks for each key once for each time that it is in the list: equal keys share one request.

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
    let mut tasks = std::collections::HashMap::new();
    for &key in &keys {
        tasks.entry(key).or_insert_with(|| {
            let store = Arc::clone(&store);
            tokio::spawn(async move { store.get(key).await })
        });
    }

    let mut values = std::collections::HashMap::new();
    for (key, task) in tasks {
        values.insert(key, task.await.expect("`get` does not panic"));
    }
    keys.iter().map(|key| values[key].clone()).collect()
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
