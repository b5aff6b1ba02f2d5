//! fails: both_are_asked_in_the_first_poll
//! says: `Both::new` spawned it as a task

use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::task::JoinHandle;

pub struct Both<A, B> {
    a: JoinHandle<u32>,
    b: JoinHandle<u32>,
    /// What `a` returned, once it is done.
    from_a: Option<u32>,
    from_b: Option<u32>,
    services: PhantomData<(A, B)>,
}

impl<A, B> Both<A, B>
where
    A: Future<Output = u32> + Send + 'static,
    B: Future<Output = u32> + Send + 'static,
{
    pub fn new(a: A, b: B) -> Self {
        let (a, b) = (tokio::spawn(a), tokio::spawn(b));
        Self { a, b, from_a: None, from_b: None, services: PhantomData }
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
            this.from_a = Some(number.expect("no service panics"));
        }
        // No `return` above: `b` gets its turn in every poll, whatever `a` said.
        if this.from_b.is_none()
            && let Poll::Ready(number) = Pin::new(&mut this.b).poll(cx)
        {
            this.from_b = Some(number.expect("no service panics"));
        }
        match (this.from_a, this.from_b) {
            (Some(a), Some(b)) => Poll::Ready((a, b)),
            // Whoever is missing has said `Pending` in this very poll, and has the waker.
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
