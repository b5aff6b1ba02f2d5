//! fails: a_panic_is_not_lost
//! says: and `load_all` never returned
//!
//! Waits for as many values as there are keys.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::sleep;

/// Where the prices are. Other teams write these, each with an `async fn get`, as `Database` below has it. While a request
/// waits, it may hold anything that can move to another thread. A store that holds something else is refused where it is
/// written.
pub trait Store: Send + Sync + 'static {
    fn get(&self, key: u32) -> impl Future<Output = Option<String>> + Send;
}

/// Asks for each key once for each time that it is in the list. If a `get` panics, so does `load_all`.
pub async fn load_all<S: Store>(store: Arc<S>, keys: Vec<u32>) -> Vec<Option<String>> {
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let mut values = vec![None; keys.len()];
    let count = keys.len();
    for (place, key) in keys.into_iter().enumerate() {
        let (store, sender) = (Arc::clone(&store), sender.clone());
        tokio::spawn(async move { sender.send((place, store.get(key).await)) });
    }
    for _ in 0..count {
        let (place, value) = receiver.recv().await.expect("there is a sender");
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
