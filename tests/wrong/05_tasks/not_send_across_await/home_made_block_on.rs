//! fails: the_bill_names_dish_and_price
//! says: kept its thread until it was
//!
//! Without an await nothing is alive across one, and everybody else on the thread stands still.

use std::rc::Rc;

/// Cooks, and tells the price in cents. Tests bring their own.
pub trait Kitchen: Send + Sync + 'static {
    fn cook(&self, dish: &str) -> impl Future<Output = u32> + Send;
}

pub async fn serve<K: Kitchen>(kitchen: K, order: String) -> String {
    let dish: Rc<str> = Rc::from(order.trim().to_lowercase());
    let on_the_bill = Rc::clone(&dish);
    let cents = block_on(kitchen.cook(&dish));
    format!("{on_the_bill}: {cents} cents")
}

struct Unpark(std::thread::Thread);

impl std::task::Wake for Unpark {
    fn wake(self: std::sync::Arc<Self>) {
        self.0.unpark();
    }
}

fn block_on<T>(plan: impl Future<Output = T>) -> T {
    let waker = std::sync::Arc::new(Unpark(std::thread::current())).into();
    let mut context = std::task::Context::from_waker(&waker);
    let mut plan = std::pin::pin!(plan);
    loop {
        match plan.as_mut().poll(&mut context) {
            std::task::Poll::Ready(value) => return value,
            std::task::Poll::Pending => std::thread::park(),
        }
    }
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
