//! fails: compile E0277
//! says: `Rc<str>` cannot be sent between threads safely
//!
//! An `Arc` around something that is bound to a thread is bound to that thread.

use std::rc::Rc;
use std::sync::Arc;

/// Cooks, and tells the price in cents. Tests bring their own.
pub trait Kitchen: Send + Sync + 'static {
    fn cook(&self, dish: &str) -> impl Future<Output = u32> + Send;
}

pub async fn serve<K: Kitchen>(kitchen: K, order: String) -> String {
    let dish: Arc<Rc<str>> = Arc::new(Rc::from(order.trim().to_lowercase()));
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
    println!("{}", serve(Stove, " Lentil soup ".to_owned()).await);
}
