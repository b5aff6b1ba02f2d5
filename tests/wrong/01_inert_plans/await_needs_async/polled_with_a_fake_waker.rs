//! fails: the_total_follows_the_prices
//! says: it kept checking whether they were there
//!
//! Polls again and again with a waker that does nothing.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// The shop's price list, somewhere on the network. Tests bring their own.
pub trait Shop {
    fn price(&self, item: &str) -> impl Future<Output = u32>;
    fn tax(&self, item: &str) -> impl Future<Output = u32>;
}

pub async fn total(shop: &impl Shop, item: &str) -> u32 {
    wait_for(shop.price(item)).await + wait_for(shop.tax(item)).await
}

async fn wait_for(plan: impl Future<Output = u32>) -> u32 {
    let mut plan = pin!(plan);
    let mut cx = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(cents) = plan.as_mut().poll(&mut cx) {
            return cents;
        }
        tokio::task::yield_now().await;
    }
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
