//! `First` asks two mirrors, and is ready with the answer that comes first.
//!
//! The context that `poll` receives leads to the task: its waker is the one to call when there is something new.
//! `First` does not wait for anything itself, but its children do. So it passes the context on, and a child that has
//! to wait keeps that waker. The starter gave the children a waker that does nothing. They called it in time, with no
//! effect.
//!
//! The loser needs no code. It is a field of the struct and is dropped with it, and dropping a future cancels it.
//! `First` does not poll it again once the race is decided, and it settles a tie by polling `a` first.

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
        // `a` returned `Pending` and has the waker. If `b` does the same, either of them can wake the task.
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
