//! A cell for each article: callers of the same one share a fetch.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use tokio::sync::OnceCell;

/// Knows the price of every article. Tests bring their own.
pub trait Store: Send + Sync + 'static {
    fn fetch(&self, article: u32) -> impl Future<Output = u64> + Send;
}

#[derive(Default)]
pub struct Cache {
    prices: Mutex<HashMap<u32, Arc<OnceCell<u64>>>>,
}

impl Cache {
    pub async fn price<S: Store>(&self, article: u32, store: &S) -> u64 {
        let cell = self.prices.lock().unwrap().entry(article).or_default().clone();
        *cell.get_or_init(|| store.fetch(article)).await
    }

    pub async fn update(&self, article: u32, price: u64) {
        // The old cell may be being filled. Its callers keep it, and the map has the new one.
        self.prices.lock().unwrap().insert(article, Arc::new(OnceCell::from(price)));
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
