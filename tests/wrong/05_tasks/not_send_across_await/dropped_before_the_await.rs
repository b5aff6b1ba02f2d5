//! fails: compile E0277
//! says: `Rc<str>` cannot be sent between threads safely

use std::rc::Rc;

/// Cooks, and tells the price in cents. Tests bring their own.
pub trait Kitchen: Send + Sync + 'static {
    fn cook(&self, dish: &str) -> impl Future<Output = u32> + Send;
}

pub async fn serve<K: Kitchen>(kitchen: K, order: String) -> String {
    let dish: Rc<str> = Rc::from(order.trim().to_lowercase());
    let on_the_bill = dish.to_string();
    let name = dish.to_string();
    drop(dish);
    let cents = kitchen.cook(&name).await;
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
    println!("{}", serve(Stove, " Lentil soup ".to_owned()).await);
}
