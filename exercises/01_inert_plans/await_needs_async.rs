//! `total` asks a shop for the price of an item and for the tax on it, and adds them up.
//! It asks once for each. The shop is far away, so both answers have to be awaited, and one
//! may take a week.
//!
//! The compiler does not accept an `.await` where it stands now.

/// The shop's price list, somewhere on the network. Tests bring their own.
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
