//! fails: nobody_is_woken
//! says: (wakes: 1, wanted 0) and returned `Ready`

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

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<u32> {
        cx.waker().wake_by_ref();
        Poll::Ready(self.price)
    }
}

#[tokio::main]
async fn main() {
    let cents: u32 = Cached::new(1999).await;
    println!("{cents} cents");
}
