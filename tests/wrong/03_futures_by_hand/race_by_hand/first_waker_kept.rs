//! fails: the_waker_of_the_latest_poll_counts
//! says: woke the first task, not the one that polled last
//!
//! The children get the waker of the first poll, for ever.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

pub struct First<A, B> {
    a: A,
    b: B,
    waker: Option<Waker>,
}

impl<A, B> First<A, B> {
    pub fn new(a: A, b: B) -> Self {
        Self { a, b, waker: None }
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
        // The waker is kept in the struct, so that it is cloned only once.
        let waker = this.waker.get_or_insert_with(|| cx.waker().clone());
        let mut child = Context::from_waker(waker);
        if let Poll::Ready(answer) = Pin::new(&mut this.a).poll(&mut child) {
            return Poll::Ready(answer);
        }
        Pin::new(&mut this.b).poll(&mut child)
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
