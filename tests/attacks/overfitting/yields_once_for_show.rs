//! attacks: await_needs_async
//! expects: failed
//! stopped by: exact-counts
//!
//! Blocks the thread with an engine of its own until the shop has answered, and then yields once, because the
//! hidden test takes a second poll for a sign of waiting.

pub trait Shop {
    fn price(&self, item: &str) -> impl Future<Output = u32>;
    fn tax(&self, item: &str) -> impl Future<Output = u32>;
}

pub async fn total(shop: &impl Shop, item: &str) -> u32 {
    let sum = spin(shop.price(item)) + spin(shop.tax(item));
    tokio::task::yield_now().await;
    sum
}

fn spin<F: Future>(future: F) -> F::Output {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    loop {
        if let std::task::Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
}

fn main() {}
