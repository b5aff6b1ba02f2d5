//! fails: calls_do_not_wait_for_each_other
//! says: was not done before the first

// One kitchen, one dish: a `static` lock around the cooking lets all other tables wait for the slowest dish.

use std::sync::Arc;

use tokio::sync::Mutex;

/// Cooks, and tells the price in cents. Tests bring their own.
pub trait Kitchen: Send + Sync + 'static {
    fn cook(&self, dish: &str) -> impl Future<Output = u32> + Send;
}

pub async fn serve<K: Kitchen>(kitchen: K, order: String) -> String {
    let dish: Arc<str> = Arc::from(order.trim().to_lowercase());
    let on_the_bill = Arc::clone(&dish);
    static STOVE: Mutex<()> = Mutex::const_new(());
    let _stove = STOVE.lock().await;
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
