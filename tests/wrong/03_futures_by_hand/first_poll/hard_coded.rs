//! fails: the_first_poll_is_ready
//! says: which is not the price that it was made with

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
        Poll::Ready(1999)
    }
}

#[tokio::main]
async fn main() {
    let cents: u32 = Cached::new(1999).await;
    println!("{cents} cents");
}
