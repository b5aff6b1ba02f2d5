//! fails: compile E0277
//! says: `Rc<str>` cannot be sent between threads safely

use std::rc::Rc;
use std::sync::Mutex;

/// Cooks, and tells the price in cents. Tests bring their own.
pub trait Kitchen: Send + Sync + 'static {
    fn cook(&self, dish: &str) -> impl Future<Output = u32> + Send;
}

pub async fn serve<K: Kitchen>(kitchen: K, order: String) -> String {
    let shared: Mutex<Rc<str>> = Mutex::new(Rc::from(order.trim().to_lowercase()));
    let dish = shared.lock().unwrap().to_string();
    let cents = kitchen.cook(&dish).await;
    format!("{}: {cents} cents", shared.lock().unwrap())
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
