//! A cache hit is a future like any other: ready at its first poll.
//!
//! `poll` is one question from the executor: are you done? The answer is a `Poll`, not an `Option`: `Ready(value)`,
//! or `Pending` for "not yet, the waker will be called". There are two parameters. `self: Pin<&mut Self>` works like
//! `&mut self` here, but promises that the future is not moved any more. `cx` carries the waker, which a future needs
//! before it may return `Pending`. `Cached` never does, so it ignores `cx`.
//!
//! `#[tokio::main]` needed no change: `.await` polls any type that implements `Future`. The standard library has this
//! future, too: `std::future::ready(price)`.

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
        // There is nothing to wait for, so it never returns `Pending`.
        Poll::Ready(self.price)
    }
}

#[tokio::main]
async fn main() {
    let cents: u32 = Cached::new(1999).await;
    println!("{cents} cents");
}
