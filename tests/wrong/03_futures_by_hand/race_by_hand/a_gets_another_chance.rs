//! fails: a_childs_wake_reaches_the_task
//! says: The child that is ready decides the race, in the same poll

// Keeps the answer of `b` until `a` has been asked once more.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

pub struct First<A, B> {
    a: A,
    b: B,
    from_b: Option<String>,
}

impl<A, B> First<A, B> {
    pub fn new(a: A, b: B) -> Self {
        Self { a, b, from_b: None }
    }
}

impl<A, B> Future for First<A, B>
where
    A: Future<Output = String> + Unpin,
    B: Future<Output = String> + Unpin,
{
    type Output = String;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<String> {
        let this = self.get_mut();
        if let Poll::Ready(answer) = Pin::new(&mut this.a).poll(cx) {
            return Poll::Ready(answer);
        }
        if let Some(answer) = this.from_b.take() {
            return Poll::Ready(answer);
        }
        if let Poll::Ready(answer) = Pin::new(&mut this.b).poll(cx) {
            this.from_b = Some(answer);
            cx.waker().wake_by_ref();
        }
        Poll::Pending
    }
}

async fn ask(mirror: &str, takes: u64) -> String {
    tokio::time::sleep(Duration::from_millis(takes)).await;
    format!("the file, from {mirror}")
}

#[tokio::main]
async fn main() {
    let start = Instant::now();
    let race = First::new(Box::pin(ask("Oslo", 3000)), Box::pin(ask("Rome", 50)));
    let answer = tokio::time::timeout(Duration::from_secs(1), race).await;
    println!("{answer:?} after {} ms", start.elapsed().as_millis());
}
