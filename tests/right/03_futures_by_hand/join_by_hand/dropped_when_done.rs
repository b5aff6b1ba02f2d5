//! Drops a child as soon as it is done, and polls `b` first.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

pub struct Both<A, B> {
    a: Option<A>,
    b: Option<B>,
    /// What `a` returned, once it is done.
    from_a: Option<u32>,
    from_b: Option<u32>,
}

impl<A, B> Both<A, B> {
    pub fn new(a: A, b: B) -> Self {
        Self { a: Some(a), b: Some(b), from_a: None, from_b: None }
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
        if let Some(b) = &mut this.b
            && let Poll::Ready(number) = Pin::new(b).poll(cx)
        {
            this.from_b = Some(number);
            this.b = None;
        }
        if let Some(a) = &mut this.a
            && let Poll::Ready(number) = Pin::new(a).poll(cx)
        {
            this.from_a = Some(number);
            this.a = None;
        }
        if this.a.is_some() || this.b.is_some() {
            return Poll::Pending;
        }
        Poll::Ready(this.from_a.take().zip(this.from_b.take()).expect("polled after `Ready`"))
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
