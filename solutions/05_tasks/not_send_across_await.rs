//! `serve` takes an order, has the kitchen cook it, and writes the line for the bill.
//!
//! Why an `Rc` made the whole future unfit for a task: whatever is alive at an `.await` is kept inside the future until
//! it goes on. The runtime may go on with it on another thread, so the future may hold nothing that is bound to one.
//! An `Rc` counts its owners without any protection; two threads doing so at once would lose count.
//!
//! The question is not which types a function uses but which are alive across an `.await`. So there are two ways out:
//! a type that may move (`Arc` counts with atomics), or an end to the value before the wait, as in
//! `let (dish, line) = { let shared = Rc::…; … };`. `drop(dish)` in front of the await is not enough once the value was
//! borrowed: today's compiler counts a variable as alive until the end of its block. Here nothing needs to be shared at
//! all; a `String` that is borrowed twice would do.

use std::sync::Arc;

/// Cooks, and tells the price in cents. Tests bring their own.
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
