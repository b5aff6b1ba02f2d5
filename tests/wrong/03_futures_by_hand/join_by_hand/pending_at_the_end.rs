//! fails: two_numbers_at_once_need_one_poll
//! says: return `Ready` in the same poll in which the last number arrives

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

pub struct Both<A, B> {
    a: A,
    b: B,
    /// What `a` returned, once it is done.
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
        if let (Some(a), Some(b)) = (this.from_a, this.from_b) {
            return Poll::Ready((a, b));
        }
        if this.from_a.is_none()
            && let Poll::Ready(number) = Pin::new(&mut this.a).poll(cx)
        {
            this.from_a = Some(number);
        }
        if this.from_b.is_none()
            && let Poll::Ready(number) = Pin::new(&mut this.b).poll(cx)
        {
            this.from_b = Some(number);
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
