//! fails: other_prices_are_fetched_meanwhile
//! says: The others stood in line
//!
//! The cache is free, and fetches go one by one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// Knows the price of every article. Tests bring their own.
pub trait Store: Send + Sync + 'static {
    fn fetch(&self, article: u32) -> impl Future<Output = u64> + Send;
}

#[derive(Default)]
pub struct Cache {
    prices: Mutex<HashMap<u32, u64>>,
    fetching: tokio::sync::Mutex<()>,
}

impl Cache {
    pub async fn price<S: Store>(&self, article: u32, store: &S) -> u64 {
        let known = self.prices.lock().unwrap().get(&article).copied();
        if let Some(price) = known {
            return price;
        }
        let _fetching = self.fetching.lock().await;
        let price = store.fetch(article).await;
        *self.prices.lock().unwrap().entry(article).or_insert(price)
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
