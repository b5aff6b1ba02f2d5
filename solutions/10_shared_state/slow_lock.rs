//! A shop keeps prices in a cache, in front of a store that is slow.
//!
//! Why the whole shop waited: the guard lived from the look into the cache to the end of the function, and the fetch
//! lay in between. Everybody else needs the same lock, if only for a moment. A lock belongs around memory, and not
//! around I/O: look up, unlock, fetch, lock again, insert. No guard lives across an await any more, so a std `Mutex` is
//! enough.
//!
//! Unlocking has a price. When the lock is taken again, the cache may have changed, so the code has to look again
//! before it inserts: a price that came in meanwhile is newer. `or_insert` does both, under one lock.
//!
//! Another good design keeps one cell per article, `HashMap<u32, Arc<OnceCell<u64>>>` with Tokio's `OnceCell`: the
//! map's lock is held just long enough to clone the `Arc`, and callers of the same article share one fetch. Take that
//! where a second fetch is expensive or does harm. Take the simple design where it only costs a little, or happens
//! rarely.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// Knows the price of every article. Tests bring their own.
pub trait Store: Send + Sync + 'static {
    fn fetch(&self, article: u32) -> impl Future<Output = u64> + Send;
}

#[derive(Default)]
pub struct Cache {
    prices: Mutex<HashMap<u32, u64>>,
}

impl Cache {
    pub async fn price<S: Store>(&self, article: u32, store: &S) -> u64 {
        // The guard ends with this statement.
        let known = self.prices.lock().unwrap().get(&article).copied();
        if let Some(price) = known {
            return price;
        }
        let fetched = store.fetch(article).await;
        // What is there by now came in during the fetch: it stays.
        *self.prices.lock().unwrap().entry(article).or_insert(fetched)
    }

    pub async fn update(&self, article: u32, price: u64) {
        self.prices.lock().unwrap().insert(article, price);
    }
}

struct Warehouse;

impl Store for Warehouse {
    async fn fetch(&self, article: u32) -> u64 {
        println!("looking for the price of {article}");
        tokio::task::yield_now().await;
        u64::from(article) * 10
    }
}

#[tokio::main]
async fn main() {
    let cache = Arc::new(Cache::default());
    let customers = [7, 8, 7].map(|article| {
        let cache = cache.clone();
        tokio::spawn(async move { cache.price(article, &Warehouse).await })
    });
    for customer in customers {
        println!("{:?}", customer.await);
    }
}
