//! fails: both_answers_are_waited_for
//! says: Asking again drops the answer that is on its way

use std::time::Duration;

use tokio::time::timeout;

/// The shop's price list, somewhere on the network. Tests bring their own.
pub trait Shop {
    fn price(&self, item: &str) -> impl Future<Output = u32>;
    fn tax(&self, item: &str) -> impl Future<Output = u32>;
}

/// Asks again when the answer does not come soon.
async fn ask<F: Future<Output = u32>>(question: impl Fn() -> F) -> u32 {
    loop {
        if let Ok(cents) = timeout(Duration::from_millis(100), question()).await {
            return cents;
        }
    }
}

pub async fn total(shop: &impl Shop, item: &str) -> u32 {
    let price = ask(|| shop.price(item)).await;
    let tax = ask(|| shop.tax(item)).await;
    price + tax
}

struct TeaShop;

impl Shop for TeaShop {
    async fn price(&self, item: &str) -> u32 {
        100 * item.len() as u32
    }

    async fn tax(&self, item: &str) -> u32 {
        19 * item.len() as u32
    }
}

#[tokio::main]
async fn main() {
    let cents = total(&TeaShop, "earl grey").await;
    println!("earl grey: {cents} cents");
}
