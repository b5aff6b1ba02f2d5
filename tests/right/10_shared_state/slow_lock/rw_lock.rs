//! A `RwLock`: looking needs the read guard, inserting the write guard.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::RwLock;

/// Knows the price of every article. Tests bring their own.
pub trait Store: Send + Sync + 'static {
    fn fetch(&self, article: u32) -> impl Future<Output = u64> + Send;
}

#[derive(Default)]
pub struct Cache {
    prices: RwLock<HashMap<u32, u64>>,
}

impl Cache {
    pub async fn price<S: Store>(&self, article: u32, store: &S) -> u64 {
        let known = self.prices.read().await.get(&article).copied();
        match known {
            Some(price) => price,
            None => {
                let fetched = store.fetch(article).await;
                *self.prices.write().await.entry(article).or_insert(fetched)
            }
        }
    }

    pub async fn update(&self, article: u32, price: u64) {
        self.prices.write().await.insert(article, price);
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
