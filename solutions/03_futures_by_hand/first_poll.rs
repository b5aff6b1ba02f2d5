//! A hit in the cache is a future like any other: ready at its first poll.
//!
//! `poll` is one question of the engine: are you done? The answer is a `Poll`, not an `Option`: `Ready(value)`, or
//! `Pending` for "not yet, you will be woken". What is asked has two parts. `self: Pin<&mut Self>` is a `&mut self`
//! with a promise not to move the future any more; it reads like `&mut self` here. `cx` carries the waker, which is
//! needed by whoever has to say `Pending`. `Cached` never does, so it leaves `cx` alone.
//!
//! `#[tokio::main]` needed no change: `.await` polls whatever implements `Future`. The standard library has this
//! future too: `std::future::ready(price)`.

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
        // Nothing to wait for, so there is no `Pending` before it.
        Poll::Ready(self.price)
    }
}

#[tokio::main]
async fn main() {
    let cents: u32 = Cached::new(1999).await;
    println!("{cents} cents");
}
