//! fails: the_total_follows_the_prices
//! says: Asking again drops the answer that is on its way
//!
//! `select!` drops the plan that was not first, and the shop is asked a second time.

/// The shop's price list, somewhere on the network. Tests bring their own.
pub trait Shop {
    fn price(&self, item: &str) -> impl Future<Output = u32>;
    fn tax(&self, item: &str) -> impl Future<Output = u32>;
}

pub async fn total(shop: &impl Shop, item: &str) -> u32 {
    // Ask for both at the same time, then get the one that is missing.
    tokio::select! {
        price = shop.price(item) => price + shop.tax(item).await,
        tax = shop.tax(item) => shop.price(item).await + tax,
    }
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
