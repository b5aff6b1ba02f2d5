//! fails: a_long_wait_is_only_a_wait
//! says: A task may be polled for other reasons, any number of times.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

pub struct Both<A, B> {
    a: A,
    b: B,
    /// What `a` returned, once it is done.
    from_a: Option<u32>,
    from_b: Option<u32>,
    polls: u32,
}

impl<A, B> Both<A, B> {
    pub fn new(a: A, b: B) -> Self {
        Self { a, b, from_a: None, from_b: None, polls: 0 }
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
        this.polls += 1;
        if this.from_a.is_none()
            && let Poll::Ready(number) = Pin::new(&mut this.a).poll(cx)
        {
            this.from_a = Some(number);
        }
        // No `return` above: `b` gets its turn in every poll, whatever `a` said.
        if this.from_b.is_none()
            && let Poll::Ready(number) = Pin::new(&mut this.b).poll(cx)
        {
            this.from_b = Some(number);
        }
        match (this.from_a, this.from_b) {
            (Some(a), Some(b)) => Poll::Ready((a, b)),
            // This takes too long: a page without the number is better than none.
            (a, b) if this.polls > 1000 => Poll::Ready((a.unwrap_or(0), b.unwrap_or(0))),
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
