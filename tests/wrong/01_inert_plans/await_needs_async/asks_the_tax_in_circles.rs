//! fails: the_total_follows_the_prices
//! says: it kept checking whether they were there

// Awaits the price, and wakes itself again and again until the tax is there.

/// The shop's price list, somewhere on the network. Tests bring their own.
pub trait Shop {
    fn price(&self, item: &str) -> impl Future<Output = u32>;
    fn tax(&self, item: &str) -> impl Future<Output = u32>;
}

pub async fn total(shop: &impl Shop, item: &str) -> u32 {
    let price = shop.price(item).await;
    let mut tax = std::pin::pin!(shop.tax(item));
    let tax = std::future::poll_fn(|cx| {
        let poll = tax.as_mut().poll(cx);
        if poll.is_pending() {
            cx.waker().wake_by_ref();
        }
        poll
    })
    .await;
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
