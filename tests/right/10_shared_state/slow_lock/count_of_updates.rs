//! Each article counts its updates: what was fetched before the last one is not kept.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// Knows the price of every article. Tests bring their own.
pub trait Store: Send + Sync + 'static {
    fn fetch(&self, article: u32) -> impl Future<Output = u64> + Send;
}

#[derive(Default)]
struct Known {
    price: Option<u64>,
    updates: u64,
}

#[derive(Default)]
pub struct Cache {
    articles: Mutex<HashMap<u32, Known>>,
}

impl Cache {
    pub async fn price<S: Store>(&self, article: u32, store: &S) -> u64 {
        let before = {
            let mut articles = self.articles.lock().unwrap();
            let known = articles.entry(article).or_default();
            if let Some(price) = known.price {
                return price;
            }
            known.updates
        };
        let price = store.fetch(article).await;
        let mut articles = self.articles.lock().unwrap();
        let known = articles.entry(article).or_default();
        if known.updates == before {
            known.price = Some(price);
        }
        price
    }

    pub async fn update(&self, article: u32, price: u64) {
        let mut articles = self.articles.lock().unwrap();
        let known = articles.entry(article).or_default();
        known.updates += 1;
        known.price = Some(price);
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
