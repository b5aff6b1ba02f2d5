//! fails: both_answers_are_waited_for
//! says: An answer that is not there yet has to be awaited

// An answer may take a week; after a day the tax counts as 0.

/// The shop's price list, somewhere on the network. Tests bring their own.
pub trait Shop {
    fn price(&self, item: &str) -> impl Future<Output = u32>;
    fn tax(&self, item: &str) -> impl Future<Output = u32>;
}

pub async fn total(shop: &impl Shop, item: &str) -> u32 {
    let price = shop.price(item).await;
    let day = std::time::Duration::from_secs(24 * 60 * 60);
    price + tokio::time::timeout(day, shop.tax(item)).await.unwrap_or(0)
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
