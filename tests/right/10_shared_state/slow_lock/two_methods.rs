//! Two methods that are not async use the lock.

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
        if let Some(price) = self.look_up(article) {
            return price;
        }
        let price = store.fetch(article).await;
        self.insert_if_missing(article, price);
        price
    }

    fn look_up(&self, article: u32) -> Option<u64> {
        let prices = self.prices.lock().unwrap();
        prices.get(&article).copied()
    }

    fn insert_if_missing(&self, article: u32, price: u64) {
        let mut prices = self.prices.lock().unwrap();
        if !prices.contains_key(&article) {
            prices.insert(article, price);
        }
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
