//! fails: every_amount_counts
//! says: The future for the tax, which is 0, was polled again

// A tax of 0 stands for "not there yet", and its plan is polled again when the price comes.

/// The shop's price list, somewhere on the network. Tests bring their own.
pub trait Shop {
    fn price(&self, item: &str) -> impl Future<Output = u32>;
    fn tax(&self, item: &str) -> impl Future<Output = u32>;
}

pub async fn total(shop: &impl Shop, item: &str) -> u32 {
    use std::task::Poll;
    let mut price_plan = std::pin::pin!(shop.price(item));
    let mut tax_plan = std::pin::pin!(shop.tax(item));
    let mut price = None;
    let mut tax = 0;
    std::future::poll_fn(|cx| {
        let mut waits = false;
        if price.is_none() {
            match price_plan.as_mut().poll(cx) {
                Poll::Ready(cents) => price = Some(cents),
                Poll::Pending => waits = true,
            }
        }
        if tax == 0 {
            match tax_plan.as_mut().poll(cx) {
                Poll::Ready(cents) => tax = cents,
                Poll::Pending => waits = true,
            }
        }
        if waits { Poll::Pending } else { Poll::Ready(()) }
    })
    .await;
    price.unwrap() + tax
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
