//! The `Rc` lives in a function that is not async.

use std::rc::Rc;

/// Cooks, and tells the price in cents. Tests bring their own.
pub trait Kitchen: Send + Sync + 'static {
    fn cook(&self, dish: &str) -> impl Future<Output = u32> + Send;
}

pub async fn serve<K: Kitchen>(kitchen: K, order: String) -> String {
    let (dish, on_the_bill) = read(&order);
    let cents = kitchen.cook(&dish).await;
    format!("{on_the_bill}: {cents} cents")
}

fn read(order: &str) -> (String, String) {
    let shared: Rc<str> = Rc::from(order.trim().to_lowercase());
    let second = Rc::clone(&shared);
    (shared.to_string(), second.to_string())
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
