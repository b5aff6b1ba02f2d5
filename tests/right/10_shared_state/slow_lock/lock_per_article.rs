//! A lock for each article is held during its fetch, and the map's lock is not.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::Mutex;

/// Knows the price of every article. Tests bring their own.
pub trait Store: Send + Sync + 'static {
    fn fetch(&self, article: u32) -> impl Future<Output = u64> + Send;
}

#[derive(Default)]
pub struct Cache {
    prices: std::sync::Mutex<HashMap<u32, Arc<Mutex<Option<u64>>>>>,
}

impl Cache {
    pub async fn price<S: Store>(&self, article: u32, store: &S) -> u64 {
        let slot = self.prices.lock().unwrap().entry(article).or_default().clone();
        let mut price = slot.lock().await;
        match *price {
            Some(price) => price,
            None => *price.insert(store.fetch(article).await),
        }
    }

    pub async fn update(&self, article: u32, price: u64) {
        self.prices.lock().unwrap().insert(article, Arc::new(Mutex::new(Some(price))));
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
