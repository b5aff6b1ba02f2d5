//! fails: a_dish_takes_as_long_as_it_takes
//! says: there was a bill after

use std::time::Duration;
use tokio::time::timeout;

/// Cooks, and tells the price in cents. Tests bring their own.
pub trait Kitchen: Send + Sync + 'static {
    fn cook(&self, dish: &str) -> impl Future<Output = u32> + Send;
}

pub async fn serve<K: Kitchen>(kitchen: K, order: String) -> String {
    let dish = order.trim().to_lowercase();
    let cents = timeout(Duration::from_secs(3600), kitchen.cook(&dish)).await.unwrap_or(0);
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
