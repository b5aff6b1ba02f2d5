//! fails: the_first_poll_is_ready
//! says: A value that is already there must be `Ready` on the first poll.

use std::pin::Pin;
use std::task::{Context, Poll};

/// A price, in cents, that is already there.
pub struct Cached {
    price: Option<u32>,
    asked: bool,
}

impl Cached {
    pub fn new(price: u32) -> Self {
        Self { price: Some(price), asked: false }
    }
}

impl Future for Cached {
    type Output = u32;

    fn poll(mut self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<u32> {
        match self.price {
            Some(price) if self.asked => Poll::Ready(price),
            _ => {
                self.asked = true;
                Poll::Pending
            }
        }
    }
}

#[tokio::main]
async fn main() {
    let cents: u32 = Cached::new(1999).await;
    println!("{cents} cents");
}
