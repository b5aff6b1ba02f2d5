//! fails: the_first_poll_is_ready
//! says: A value that is already there must be `Ready` on the first poll.

use std::pin::Pin;
use std::task::{Context, Poll};

/// A price, in cents, that is already there.
pub struct Cached {
    price: u32,
    asked: bool,
}

impl Cached {
    pub fn new(price: u32) -> Self {
        Self { price, asked: false }
    }
}

impl Future for Cached {
    type Output = u32;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<u32> {
        if !self.asked {
            self.asked = true;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(self.price)
    }
}

#[tokio::main]
async fn main() {
    let cents: u32 = Cached::new(1999).await;
    println!("{cents} cents");
}
