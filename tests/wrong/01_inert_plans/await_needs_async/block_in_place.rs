//! fails: total_hands_out_a_plan
//! says: `block_in_place` blocks the thread until the shop answers

/// The shop's price list, somewhere on the network. Tests bring their own.
pub trait Shop {
    fn price(&self, item: &str) -> impl Future<Output = u32>;
    fn tax(&self, item: &str) -> impl Future<Output = u32>;
}

pub fn total(shop: &impl Shop, item: &str) -> u32 {
    tokio::task::block_in_place(|| {
        let engine = tokio::runtime::Handle::current();
        engine.block_on(async { shop.price(item).await + shop.tax(item).await })
    })
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
