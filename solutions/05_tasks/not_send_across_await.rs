//! `serve` takes an order, has the kitchen cook it, and writes the line for the bill.
//!
//! Why an `Rc` kept the whole future out of a task: everything that is alive at an `.await` is stored inside the future
//! until it continues. The runtime may continue it on another thread, so the future must not hold anything that is
//! bound to one thread. An `Rc` counts its owners without any protection; if two threads counted at once, they would
//! lose count.
//!
//! The question is not which types a function uses, but which ones are alive across an `.await`. So there are two ways
//! out: a type that may move (`Arc` counts with atomics), or a value that ends before the wait, as in `let (dish, line)
//! = { let shared = Rc::…; … };`. A `drop(dish)` before the await is not enough once the value was borrowed: today's
//! compiler counts a variable as alive until the end of its block. Here nothing has to be shared at all; a `String`
//! that is borrowed twice would work.

use std::sync::Arc;

/// Cooks, and returns the price in cents. Tests bring their own.
pub trait Kitchen: Send + Sync + 'static {
    fn cook(&self, dish: &str) -> impl Future<Output = u32> + Send;
}

pub async fn serve<K: Kitchen>(kitchen: K, order: String) -> String {
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
