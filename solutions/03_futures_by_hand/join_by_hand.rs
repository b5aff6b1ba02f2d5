//! `Both` asks two services at the same time, in one task, and is ready once it has both numbers.
//!
//! The services are asked at the same time because `Both` polls both futures before it returns `Pending`: its first
//! poll starts each of them, and then they wait together. There is no second task and no thread.
//!
//! One of them is done first, and its `Ready` gives out the number only once. After that, it must not be polled
//! again; the future of an `async fn` would panic. So `Both` keeps the number, which also records that this child is
//! done.
//!
//! When one of the two wakes the task, `Both` does not know which one, so it polls each child that is not done.
//! Polling a child that has nothing new is fine: it returns `Pending` once more.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

pub struct Both<A, B> {
    a: A,
    b: B,
    /// The number from `a`, once it is done.
    from_a: Option<u32>,
    from_b: Option<u32>,
}

impl<A, B> Both<A, B> {
    pub fn new(a: A, b: B) -> Self {
        Self { a, b, from_a: None, from_b: None }
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
        if this.from_a.is_none()
            && let Poll::Ready(number) = Pin::new(&mut this.a).poll(cx)
        {
            this.from_a = Some(number);
        }
        // There is no `return` above: `b` gets its turn in every poll, whatever `a` returned.
        if this.from_b.is_none()
            && let Poll::Ready(number) = Pin::new(&mut this.b).poll(cx)
        {
            this.from_b = Some(number);
        }
        match (this.from_a, this.from_b) {
            (Some(a), Some(b)) => Poll::Ready((a, b)),
            // A child that is not done returned `Pending` in this very poll, and has the waker.
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
