//! fails: the_bill_names_dish_and_price
//! says: The order was "", but the kitchen was not asked

// Takes an empty text for no order at all.

use std::sync::Arc;

/// Cooks, and tells the price in cents. Tests bring their own.
pub trait Kitchen: Send + Sync + 'static {
    fn cook(&self, dish: &str) -> impl Future<Output = u32> + Send;
}

pub async fn serve<K: Kitchen>(kitchen: K, order: String) -> String {
    if order.is_empty() {
        return order;
    }
    let dish: Arc<str> = Arc::from(order.trim().to_lowercase());
    let on_the_bill = Arc::clone(&dish);
    let cents = kitchen.cook(&dish).await;
    format!("{on_the_bill}: {cents} cents")
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
