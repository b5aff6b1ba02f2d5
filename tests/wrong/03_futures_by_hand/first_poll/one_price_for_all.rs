//! fails: each_has_its_own_price
//! says: Each has to answer with its own price, so each has to hold it
//!
//! The cache is a `static` that holds one price.

use std::pin::Pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Poll};

static PRICE: AtomicU32 = AtomicU32::new(0);

/// A price, in cents, that is already there.
pub struct Cached;

impl Cached {
    pub fn new(price: u32) -> Self {
        PRICE.store(price, Ordering::SeqCst);
        Self
    }
}

impl Future for Cached {
    type Output = u32;

    fn poll(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<u32> {
        Poll::Ready(PRICE.load(Ordering::SeqCst))
    }
}

#[tokio::main]
async fn main() {
    let cents: u32 = Cached::new(1999).await;
    println!("{cents} cents");
}
