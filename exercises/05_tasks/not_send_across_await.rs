//! `serve` takes an order and trims it: a dish is named in lower case (also the "É" of
//! "Éclair"), without spaces around it. It has the kitchen cook that dish, and writes the
//! line for the bill. Every table is served by a task, and the runtime may take a task up
//! again on another thread after each wait.
//!
//! The compiler says "future cannot be sent between threads safely", and its notes point
//! at a value and at an `.await`.

use std::rc::Rc;

/// Cooks, and tells the price in cents. Tests bring their own.
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
