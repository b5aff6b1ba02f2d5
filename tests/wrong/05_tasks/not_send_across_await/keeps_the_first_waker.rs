//! fails: another_task_may_go_on
//! says: which was never woken

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Waker};

/// Cooks, and tells the price in cents. Tests bring their own.
pub trait Kitchen: Send + Sync + 'static {
    fn cook(&self, dish: &str) -> impl Future<Output = u32> + Send;
}

pub async fn serve<K: Kitchen>(kitchen: K, order: String) -> String {
    let dish: Arc<str> = Arc::from(order.trim().to_lowercase());
    let on_the_bill = Arc::clone(&dish);
    let (mut cooking, mut first) = (pin!(kitchen.cook(&dish)), None::<Waker>);
    let cents = poll_fn(|context| {
        let first = first.get_or_insert_with(|| context.waker().clone());
        cooking.as_mut().poll(&mut Context::from_waker(first))
    })
    .await;
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
