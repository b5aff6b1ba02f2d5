//! fails: a_dish_takes_as_long_as_it_takes
//! says: it keeps asking

use std::pin::pin;
use std::time::Duration;
use tokio::time::timeout;

/// Cooks, and tells the price in cents. Tests bring their own.
pub trait Kitchen: Send + Sync + 'static {
    fn cook(&self, dish: &str) -> impl Future<Output = u32> + Send;
}

pub async fn serve<K: Kitchen>(kitchen: K, order: String) -> String {
    let dish = order.trim().to_lowercase();
    let mut cooking = pin!(kitchen.cook(&dish));
    let cents = loop {
        if let Ok(cents) = timeout(Duration::from_millis(10), cooking.as_mut()).await {
            break cents;
        }
    };
    format!("{dish}: {cents} cents")
}

struct Stove;

impl Kitchen for Stove {
    async fn cook(&self, dish: &str) -> u32 {
        tokio::task::yield_now().await;
        100 * dish.len() as u32
    }
}

#[tokio::main]
async fn main() {
    let table = tokio::spawn(serve(Stove, " Lentil soup ".to_owned()));
    println!("{}", table.await.expect("serving does not panic"));
}
