//! Each child is waiting, or done with a number.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

pub struct Both<A, B> {
    a: Child<A>,
    b: Child<B>,
}

enum Child<F> {
    Waiting(F),
    Done(u32),
}

impl<F: Future<Output = u32> + Unpin> Child<F> {
    fn poll(&mut self, cx: &mut Context<'_>) -> Option<u32> {
        if let Self::Waiting(future) = self
            && let Poll::Ready(number) = Pin::new(future).poll(cx)
        {
            *self = Self::Done(number);
        }
        match self {
            Self::Waiting(_) => None,
            Self::Done(number) => Some(*number),
        }
    }
}

impl<A, B> Both<A, B> {
    pub fn new(a: A, b: B) -> Self {
        Self { a: Child::Waiting(a), b: Child::Waiting(b) }
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
        match (this.a.poll(cx), this.b.poll(cx)) {
            (Some(a), Some(b)) => Poll::Ready((a, b)),
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
    // A box makes any future `Unpin`, so that `Both` can poll it through a plain `&mut`.
    let price = Box::pin(ask("price", 50, 1999));
    let stock = Box::pin(ask("stock", 150, 7));
    println!("{:?}", Both::new(price, stock).await);
}
