//! fails: the_bill_names_dish_and_price
//! says: on a thread that was started for this one order

use std::rc::Rc;
use tokio::runtime::Handle;

/// Cooks, and tells the price in cents. Tests bring their own.
pub trait Kitchen: Send + Sync + 'static {
    fn cook(&self, dish: &str) -> impl Future<Output = u32> + Send;
}

pub async fn serve<K: Kitchen>(kitchen: K, order: String) -> String {
    let cook = move || {
        let dish: Rc<str> = Rc::from(order.trim().to_lowercase());
        let on_the_bill = Rc::clone(&dish);
        let cents = Handle::current().block_on(kitchen.cook(&dish));
        format!("{on_the_bill}: {cents} cents")
    };
    tokio::task::spawn_blocking(cook).await.unwrap()
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
