//! fails: the_bill_names_dish_and_price
//! says: The kitchen was asked for "  Soup
//!
//! The `Rc` moved behind the await, and the kitchen gets the order as it came: spaces, capitals and all.

use std::rc::Rc;

/// Cooks, and tells the price in cents. Tests bring their own.
pub trait Kitchen: Send + Sync + 'static {
    fn cook(&self, dish: &str) -> impl Future<Output = u32> + Send;
}

pub async fn serve<K: Kitchen>(kitchen: K, order: String) -> String {
    let cents = kitchen.cook(&order).await;
    let dish: Rc<str> = Rc::from(order.trim().to_lowercase());
    let on_the_bill = Rc::clone(&dish);
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
