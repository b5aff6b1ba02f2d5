//! fails: compile unsafe_code
//! says: unsafe
//!
//! Not by promise: no value that is bound to a thread may be alive there.

use std::rc::Rc;

/// Cooks, and tells the price in cents. Tests bring their own.
pub trait Kitchen: Send + Sync + 'static {
    fn cook(&self, dish: &str) -> impl Future<Output = u32> + Send;
}

pub async fn serve<K: Kitchen>(kitchen: K, order: String) -> String {
    let dish = Promised(Rc::from(order.trim().to_lowercase()));
    let on_the_bill = Promised(Rc::clone(&dish.0));
    let cents = kitchen.cook(&dish.0).await;
    let on_the_bill = &on_the_bill.0;
    format!("{on_the_bill}: {cents} cents")
}

struct Promised(Rc<str>);

unsafe impl Send for Promised {}
unsafe impl Sync for Promised {}

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
