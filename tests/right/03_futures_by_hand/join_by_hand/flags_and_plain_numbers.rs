//! Flags and plain numbers, written out.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

pub struct Both<A, B> {
    a: A,
    b: B,
    a_done: bool,
    b_done: bool,
    a_value: u32,
    b_value: u32,
}

impl<A, B> Both<A, B> {
    pub fn new(a: A, b: B) -> Self {
        Self { a, b, a_done: false, b_done: false, a_value: 0, b_value: 0 }
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
        if !this.a_done {
            match Pin::new(&mut this.a).poll(cx) {
                Poll::Ready(value) => {
                    this.a_value = value;
                    this.a_done = true;
                }
                Poll::Pending => {}
            }
        }
        if !this.b_done {
            match Pin::new(&mut this.b).poll(cx) {
                Poll::Ready(value) => {
                    this.b_value = value;
                    this.b_done = true;
                }
                Poll::Pending => {}
            }
        }
        if this.a_done && this.b_done {
            return Poll::Ready((this.a_value, this.b_value));
        }
        Poll::Pending
    }
}

async fn ask(what: &str, takes: u64, answer: u32) -> u32 {
    tokio::time::sleep(Duration::from_millis(takes)).await;
    println!("{what}: {answer}");
    answer
}

#[tokio::main]
async fn main() {
    // A box makes any future `Unpin`, so that `Both` can poll it through a plain `&mut`.
    let price = Box::pin(ask("price", 50, 1999));
    let stock = Box::pin(ask("stock", 150, 7));
    println!("{:?}", Both::new(price, stock).await);
}
