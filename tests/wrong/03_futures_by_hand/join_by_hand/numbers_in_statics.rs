//! fails: two_of_them_keep_apart
//! says: other numbers than those of its children

use std::pin::Pin;
use std::sync::Mutex;
use std::task::{Context, Poll};
use std::time::Duration;

static FROM_A: Mutex<Option<u32>> = Mutex::new(None);
static FROM_B: Mutex<Option<u32>> = Mutex::new(None);

pub struct Both<A, B> {
    a: A,
    b: B,
}

impl<A, B> Both<A, B> {
    pub fn new(a: A, b: B) -> Self {
        Self { a, b }
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
        let (mut from_a, mut from_b) = (FROM_A.lock().unwrap(), FROM_B.lock().unwrap());
        if from_a.is_none()
            && let Poll::Ready(number) = Pin::new(&mut this.a).poll(cx)
        {
            *from_a = Some(number);
        }
        // No `return` above: `b` gets its turn in every poll, whatever `a` said.
        if from_b.is_none()
            && let Poll::Ready(number) = Pin::new(&mut this.b).poll(cx)
        {
            *from_b = Some(number);
        }
        match (*from_a, *from_b) {
            (Some(a), Some(b)) => {
                (*from_a, *from_b) = (None, None);
                Poll::Ready((a, b))
            }
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
