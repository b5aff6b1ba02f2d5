//! `total` asks a shop for the price of an item and for the tax on it, once for each, and adds them up.
//!
//! Why `.await` needs `async`: while the shop has not answered, `.await` gives the thread back to the runtime.
//! Only a future can be left half-way and resumed later; a plain function has to stay until it can return its
//! number. `async fn total` turns the body into a future with two places where it can pause.
//!
//! This also changes what a caller gets: a future that resolves to a `u32`. So `main` awaits it, and `async`
//! spreads up to the function that starts the runtime, here with `#[tokio::main]`. A plain `fn` that returns
//! `impl Future<Output = u32>` and contains an `async move` block is the same thing, written out.

/// The shop's price list, somewhere on the network. The tests use their own.
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
