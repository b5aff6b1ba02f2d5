//! fails: total_goes_on_in_another_task
//! says: was not woken

use std::future::poll_fn;
use std::pin::pin;
use std::task::{Context, Waker};

/// The shop's price list, somewhere on the network. Tests bring their own.
pub trait Shop {
    fn price(&self, item: &str) -> impl Future<Output = u32>;
    fn tax(&self, item: &str) -> impl Future<Output = u32>;
}

async fn answer(plan: impl Future<Output = u32>) -> u32 {
    let mut plan = pin!(plan);
    let mut waker: Option<Waker> = None;
    poll_fn(|cx| {
        let waker = waker.get_or_insert_with(|| cx.waker().clone());
        plan.as_mut().poll(&mut Context::from_waker(waker))
    })
    .await
}

pub async fn total(shop: &impl Shop, item: &str) -> u32 {
    answer(shop.price(item)).await + answer(shop.tax(item)).await
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
