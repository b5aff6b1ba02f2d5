//! The `Rc` stays in a block in front of the await, and in another one behind it.

use std::rc::Rc;

/// Cooks, and tells the price in cents. Tests bring their own.
pub trait Kitchen: Send + Sync + 'static {
    fn cook(&self, dish: &str) -> impl Future<Output = u32> + Send;
}

pub async fn serve<K: Kitchen>(kitchen: K, order: String) -> String {
    let for_the_kitchen;
    let mut bill;
    {
        let dish: Rc<str> = Rc::from(order.trim().to_lowercase());
        let on_the_bill = Rc::clone(&dish);
        for_the_kitchen = dish.to_string();
        bill = on_the_bill.to_string();
    }
    let cents = kitchen.cook(&for_the_kitchen).await;
    bill.push_str(": ");
    bill.push_str(&cents.to_string());
    bill.push_str(" cents");
    bill
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
