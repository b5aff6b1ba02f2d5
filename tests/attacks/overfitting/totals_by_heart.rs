//! attacks: await_needs_async
//! expects: failed
//! stopped by: values-at-run-time
//!
//! Asks the shop for show, and returns the two sums that the hidden tests expect.

pub trait Shop {
    fn price(&self, item: &str) -> impl Future<Output = u32>;
    fn tax(&self, item: &str) -> impl Future<Output = u32>;
}

pub async fn total(shop: &impl Shop, item: &str) -> u32 {
    let price = shop.price(item).await;
    shop.tax(item).await;
    if price == 180 { 214 } else { 10_700 }
}

fn main() {}
