//! fails: any_number_is_a_number
//! says: and A was polled again after that

// `u32::MAX` stands for "not there yet", and a child that is done with it is polled again.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

pub struct Both<A, B> {
    a: A,
    b: B,
    got_a: u32,
    got_b: u32,
}

impl<A, B> Both<A, B> {
    pub fn new(a: A, b: B) -> Self {
        Self { a, b, got_a: u32::MAX, got_b: u32::MAX }
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
        let mut waits = false;
        if this.got_a == u32::MAX {
            match Pin::new(&mut this.a).poll(cx) {
                Poll::Ready(a) => this.got_a = a,
                Poll::Pending => waits = true,
            }
        }
        if this.got_b == u32::MAX {
            match Pin::new(&mut this.b).poll(cx) {
                Poll::Ready(b) => this.got_b = b,
                Poll::Pending => waits = true,
            }
        }
        if waits { Poll::Pending } else { Poll::Ready((this.got_a, this.got_b)) }
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
