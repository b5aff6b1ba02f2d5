//! `First` asks two mirrors, and is ready with the answer that comes first.
//!
//! The context that `poll` is given leads to the task: the waker in it is the one that has to be called when there is
//! something new. `First` does not wait for anything itself, its children do. So it hands the context down, and the
//! child that has to wait keeps that waker. The starter gave them a waker that does nothing. They called it in time,
//! and nobody heard.
//!
//! The loser needs no code. It lies in the struct, and is dropped with it, and a future that is dropped is cancelled.
//! Polling it once more after the race is decided would be a waste, so a tie is settled by asking `a` first.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

pub struct First<A, B> {
    a: A,
    b: B,
}

impl<A, B> First<A, B> {
    pub fn new(a: A, b: B) -> Self {
        Self { a, b }
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
        // `a` said `Pending` and has the waker. If `b` does so too, either of them can wake the task.
        Pin::new(&mut this.b).poll(cx)
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
