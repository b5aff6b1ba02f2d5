//! The values come through a channel, and are sorted afterwards. What it captures is written out.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::sleep;

/// Where the prices are. Other teams write these, each with an `async fn get`, as `Database` below has it. While a request
/// waits, it may hold anything that can move to another thread. A store that holds something else is refused where it is
/// written.
pub trait Store: Send + Sync + 'static {
    fn get(&self, key: u32) -> impl Future<Output = Option<String>> + Send + use<'_, Self>;
}

/// Asks for each key once for each time that it is in the list. If a `get` panics, so does `load_all`.
pub async fn load_all<S: Store>(store: Arc<S>, keys: Vec<u32>) -> Vec<Option<String>> {
    let count = keys.len();
    let (sender, mut receiver) = mpsc::unbounded_channel();
    for (place, key) in keys.into_iter().enumerate() {
        let (store, sender) = (Arc::clone(&store), sender.clone());
        tokio::spawn(async move {
            let value = store.get(key).await;
            // Nobody listens any more when the call was given up.
            let _ = sender.send((place, value));
        });
    }
    drop(sender);
    let mut values = Vec::with_capacity(count);
    while let Some(value) = receiver.recv().await {
        values.push(value);
    }
    assert!(values.len() == count, "a `get` panicked");
    values.sort_by_key(|(place, _)| *place);
    values.into_iter().map(|(_, value)| value).collect()
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
