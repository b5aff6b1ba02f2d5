//! fails: both_answers_are_waited_for
//! says: it kept checking whether they were there

use std::pin::pin;
use std::time::Duration;

use tokio::time::timeout;

/// The shop's price list, somewhere on the network. Tests bring their own.
pub trait Shop {
    fn price(&self, item: &str) -> impl Future<Output = u32>;
    fn tax(&self, item: &str) -> impl Future<Output = u32>;
}

async fn answer(plan: impl Future<Output = u32>) -> u32 {
    let mut plan = pin!(plan);
    loop {
        match timeout(Duration::from_secs(1), plan.as_mut()).await {
            Ok(cents) => return cents,
            Err(_) => println!("still waiting"),
        }
    }
}

pub async fn total(shop: &impl Shop, item: &str) -> u32 {
    answer(shop.price(item)).await + answer(shop.tax(item)).await
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
