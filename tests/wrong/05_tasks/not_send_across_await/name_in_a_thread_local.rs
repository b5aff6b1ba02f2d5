//! fails: another_thread_may_go_on
//! says: What `serve` needs after the wait has to be kept in its future
//!
//! The name for the bill waits in a thread-local: after the wait the task may be on another thread, or another
//! table has put its own dish there.

use std::cell::RefCell;
use std::rc::Rc;

thread_local! {
    static ON_THE_BILL: RefCell<Rc<str>> = RefCell::new(Rc::from(""));
}

/// Cooks, and tells the price in cents. Tests bring their own.
pub trait Kitchen: Send + Sync + 'static {
    fn cook(&self, dish: &str) -> impl Future<Output = u32> + Send;
}

pub async fn serve<K: Kitchen>(kitchen: K, order: String) -> String {
    ON_THE_BILL.set(Rc::from(order.trim().to_lowercase()));
    let cents = kitchen.cook(&order.trim().to_lowercase()).await;
    ON_THE_BILL.with_borrow(|dish| format!("{dish}: {cents} cents"))
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
