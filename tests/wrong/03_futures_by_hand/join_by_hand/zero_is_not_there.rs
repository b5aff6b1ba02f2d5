//! fails: any_number_is_a_number
//! says: so none of them can mean "not there yet"
//!
//! 0 stands for a number that is not there yet.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

pub struct Both<A, B> {
    a: A,
    b: B,
    /// What `a` returned, once it is done.
    from_a: u32,
    from_b: u32,
}

impl<A, B> Both<A, B> {
    pub fn new(a: A, b: B) -> Self {
        Self { a, b, from_a: 0, from_b: 0 }
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
        if this.from_a == 0
            && let Poll::Ready(number) = Pin::new(&mut this.a).poll(cx)
        {
            this.from_a = number;
        }
        // No `return` above: `b` gets its turn in every poll, whatever `a` said.
        if this.from_b == 0
            && let Poll::Ready(number) = Pin::new(&mut this.b).poll(cx)
        {
            this.from_b = number;
        }
        if this.from_a == 0 || this.from_b == 0 {
            return Poll::Pending;
        }
        Poll::Ready((this.from_a, this.from_b))
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
