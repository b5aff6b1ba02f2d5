//! `total` asks a shop for the price of an item and for the tax on it, once for each, and
//! adds them up. The shop is far away: `total` has to wait for both answers, even if one of
//! them takes a week.
//!
//! The compiler does not accept `.await` where it is now.

/// The shop's price list, somewhere on the network. The tests use their own.
pub trait Shop {
    fn price(&self, item: &str) -> impl Future<Output = u32>;
    fn tax(&self, item: &str) -> impl Future<Output = u32>;
}

pub fn total(shop: &impl Shop, item: &str) -> u32 {
    shop.price(item).await + shop.tax(item).await
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
    let cents = total(&TeaShop, "earl grey");
    println!("earl grey: {cents} cents");
}
