//! fails: others_go_on_after_a_drop_or_a_panic
//! says: must not hold up others
//!
//! Who is dropped during its fetch leaves the mark behind, and all others wait for ever.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use tokio::sync::Notify;

/// Knows the price of every article. Tests bring their own.
pub trait Store: Send + Sync + 'static {
    fn fetch(&self, article: u32) -> impl Future<Output = u64> + Send;
}

#[derive(Default)]
pub struct Cache {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    prices: HashMap<u32, u64>,
    fetching: HashMap<u32, Arc<Notify>>,
}

impl Cache {
    pub async fn price<S: Store>(&self, article: u32, store: &S) -> u64 {
        loop {
            let told = {
                let mut state = self.state.lock().unwrap();
                if let Some(price) = state.prices.get(&article) {
                    return *price;
                }
                state.fetching.get(&article).cloned().ok_or_else(|| {
                    state.fetching.insert(article, Arc::default());
                })
            };
            match told {
                Ok(told) => {
                    let told: Arc<Notify> = told;
                    told.notified().await;
                    told.notify_one();
                }
                Err(()) => break,
            }
        }
        let price = store.fetch(article).await;
        let mut state = self.state.lock().unwrap();
        if let Some(told) = state.fetching.remove(&article) {
            told.notify_one();
        }
        *state.prices.entry(article).or_insert(price)
    }

    pub async fn update(&self, article: u32, price: u64) {
        self.state.lock().unwrap().prices.insert(article, price);
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
