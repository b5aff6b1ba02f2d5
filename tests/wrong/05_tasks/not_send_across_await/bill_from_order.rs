//! fails: the_bill_names_dish_and_price
//! says: instead of "soup
//!
//! The bill is written from the trimmed order, in capitals as it came; a dish is named in lower case.

use std::rc::Rc;

/// Cooks, and tells the price in cents. Tests bring their own.
pub trait Kitchen: Send + Sync + 'static {
    fn cook(&self, dish: &str) -> impl Future<Output = u32> + Send;
}

pub async fn serve<K: Kitchen>(kitchen: K, order: String) -> String {
    let dish = {
        let dish: Rc<str> = Rc::from(order.trim().to_lowercase());
        dish.to_string()
    };
    let cents = kitchen.cook(&dish).await;
    format!("{}: {cents} cents", order.trim())
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
