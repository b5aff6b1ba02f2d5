//! `total` asks a shop for the price of an item and for the tax on it, and adds them up.
//!
//! Why `.await` needs `async`: while the shop has not answered, `.await` hands the thread back to the engine.
//! Only a future can be left half-way and resumed later; a plain function must stay until it can return its
//! number. `async fn total` makes the body a plan with two places to stop at.
//!
//! That also changes what a caller gets: a plan for a `u32`. So `main` awaits it, and `async` goes on up until
//! something that owns an engine, here `#[tokio::main]`. A plain `fn` that returns `impl Future<Output = u32>`
//! and holds an `async move` block is the same thing, written out.

/// The shop's price list, somewhere on the network. Tests bring their own.
pub trait Shop {
    fn price(&self, item: &str) -> impl Future<Output = u32>;
    fn tax(&self, item: &str) -> impl Future<Output = u32>;
}

pub async fn total(shop: &impl Shop, item: &str) -> u32 {
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
    let cents = total(&TeaShop, "earl grey").await;
    println!("earl grey: {cents} cents");
}
