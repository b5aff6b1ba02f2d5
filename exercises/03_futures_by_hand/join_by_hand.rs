//! A product page needs a price and a stock level, from two services. `Both` asks them at the same time, in one task,
//! and is ready with the two numbers once it has both.
//!
//! When the services answer at the same moment, it works. In `cargo run` the price is there first, and then comes a
//! panic.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

pub struct Both<A, B> {
    a: A,
    b: B,
}

impl<A, B> Both<A, B> {
    pub fn new(a: A, b: B) -> Self {
        Self { a, b }
    }
}

impl<A, B> Future for Both<A, B>
where
    A: Future<Output = u32> + Unpin,
    B: Future<Output = u32> + Unpin,
{
    type Output = (u32, u32);

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<(u32, u32)> {
        let this = self.get_mut();
        let a = Pin::new(&mut this.a).poll(cx);
        let b = Pin::new(&mut this.b).poll(cx);
        match (a, b) {
            (Poll::Ready(a), Poll::Ready(b)) => Poll::Ready((a, b)),
            _ => Poll::Pending,
        }
    }
}

async fn ask(what: &str, takes: u64, answer: u32) -> u32 {
    tokio::time::sleep(Duration::from_millis(takes)).await;
    println!("{what}: {answer}");
    answer
}

#[tokio::main]
async fn main() {
    // A box makes any future `Unpin`, so `Both` can poll it through a plain `&mut`.
    let price = Box::pin(ask("price", 50, 1999));
    let stock = Box::pin(ask("stock", 150, 7));
    println!("{:?}", Both::new(price, stock).await);
}
