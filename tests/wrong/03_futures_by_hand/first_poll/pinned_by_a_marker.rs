//! fails: compile E0277
//! says: your file compiles, but the hidden tests cannot use it: `PhantomPinned` cannot be unpinned
//!
//! `PhantomPinned` makes `Cached` `!Unpin` so `Pin::new(&mut cached)` no longer compiles.

use std::marker::PhantomPinned;
use std::pin::Pin;
use std::task::{Context, Poll};

/// A price, in cents, that is already there.
pub struct Cached {
    price: u32,
    // `poll` takes a `Pin`, so it has to be pinned.
    _pin: PhantomPinned,
}

impl Cached {
    pub fn new(price: u32) -> Self {
        Self { price, _pin: PhantomPinned }
    }
}

impl Future for Cached {
    type Output = u32;

    fn poll(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<Self::Output> {
        Poll::Ready(self.price)
    }
}

#[tokio::main]
async fn main() {
    let cents: u32 = Cached::new(1999).await;
    println!("{cents} cents");
}
