//! fails: a_finished_child_is_left_alone
//! says: but B was not polled in that poll

// When `a` has just become ready, `b` is not polled before the next poll.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

pub struct Both<A, B> {
    a: A,
    b: B,
    got_a: Option<u32>,
    got_b: Option<u32>,
}

impl<A, B> Both<A, B> {
    pub fn new(a: A, b: B) -> Self {
        Self { a, b, got_a: None, got_b: None }
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
        if this.got_a.is_none()
            && let Poll::Ready(a) = Pin::new(&mut this.a).poll(cx)
        {
            this.got_a = Some(a);
            if this.got_b.is_none() {
                // Now for the other one.
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
        }
        if this.got_b.is_none()
            && let Poll::Ready(b) = Pin::new(&mut this.b).poll(cx)
        {
            this.got_b = Some(b);
        }
        match (this.got_a, this.got_b) {
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
