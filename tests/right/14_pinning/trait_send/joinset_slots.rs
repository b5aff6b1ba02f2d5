//! A JoinSet and a slot for each place; the first panic, wherever it is, ends the call and aborts the rest.

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
    let mut values = vec![None; keys.len()];
    let mut tasks = tokio::task::JoinSet::new();
    for (place, key) in keys.into_iter().enumerate() {
        let store = Arc::clone(&store);
        tasks.spawn(async move { (place, store.get(key).await) });
    }
    while let Some(done) = tasks.join_next().await {
        let (place, value) = done.expect("`get` does not panic");
        values[place] = value;
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
