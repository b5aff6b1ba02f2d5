//! `serve` takes an order and cleans it up: the name of a dish is in lower case (even the
//! "É" of "Éclair"), without spaces around it. Then it has the kitchen cook that dish, and
//! writes the line for the bill. A task serves each table, and after each wait the runtime
//! may continue a task on another thread.
//!
//! The compiler says "future cannot be sent between threads safely", and its notes point at
//! a value and at an `.await`.

use std::rc::Rc;

/// Cooks, and returns the price in cents. Tests bring their own.
pub trait Kitchen: Send + Sync + 'static {
    fn cook(&self, dish: &str) -> impl Future<Output = u32> + Send;
}

pub async fn serve<K: Kitchen>(kitchen: K, order: String) -> String {
    let dish: Rc<str> = Rc::from(order.trim().to_lowercase());
    let on_the_bill = Rc::clone(&dish);
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
