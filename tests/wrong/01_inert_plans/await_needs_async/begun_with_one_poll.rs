//! fails: an_answer_that_is_there_at_once_is_taken
//! says: was polled again after it was ready

// A poll sets both questions going, and its answers are thrown away: they may have been `Ready`.

/// The shop's price list, somewhere on the network. Tests bring their own.
pub trait Shop {
    fn price(&self, item: &str) -> impl Future<Output = u32>;
    fn tax(&self, item: &str) -> impl Future<Output = u32>;
}

pub async fn total(shop: &impl Shop, item: &str) -> u32 {
    let mut price = std::pin::pin!(shop.price(item));
    let mut tax = std::pin::pin!(shop.tax(item));
    std::future::poll_fn(|cx| {
        let _ = price.as_mut().poll(cx);
        let _ = tax.as_mut().poll(cx);
        std::task::Poll::Ready(())
    })
    .await;
    price.await + tax.await
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
