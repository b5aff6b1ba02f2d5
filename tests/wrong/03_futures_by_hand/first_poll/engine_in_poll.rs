//! fails: it_can_be_awaited
//! says: `Cached` panicked: Cannot start a runtime
//!
//! A runtime of its own in each poll: with `#[tokio::main]`, it panics.

use std::pin::Pin;
use std::task::{Context, Poll};

/// A price, in cents, that is already there.
pub struct Cached {
    price: u32,
}

impl Cached {
    pub fn new(price: u32) -> Self {
        Self { price }
    }
}

impl Future for Cached {
    type Output = u32;

    fn poll(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<u32> {
        let price = self.price;
        let engine = tokio::runtime::Runtime::new().unwrap();
        Poll::Ready(engine.block_on(async move { price }))
    }
}

#[tokio::main]
async fn main() {
    let cents: u32 = Cached::new(1999).await;
    println!("{cents} cents");
}
