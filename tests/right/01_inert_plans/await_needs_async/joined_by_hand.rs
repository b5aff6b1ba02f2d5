//! A join of two pinned plans by hand.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

/// The shop's price list, somewhere on the network. Tests bring their own.
pub trait Shop {
    fn price(&self, item: &str) -> impl Future<Output = u32>;
    fn tax(&self, item: &str) -> impl Future<Output = u32>;
}

pub async fn total(shop: &impl Shop, item: &str) -> u32 {
    let mut price_plan = pin!(shop.price(item));
    let mut tax_plan = pin!(shop.tax(item));
    let mut price: Option<u32> = None;
    let mut tax: Option<u32> = None;
    poll_fn(|cx| {
        if price.is_none()
            && let Poll::Ready(p) = price_plan.as_mut().poll(cx)
        {
            price = Some(p);
        }
        if tax.is_none()
            && let Poll::Ready(t) = tax_plan.as_mut().poll(cx)
        {
            tax = Some(t);
        }
        match (price, tax) {
            (Some(p), Some(t)) => Poll::Ready(p + t),
            _ => Poll::Pending,
        }
    })
    .await
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
