//! Two mirrors have the same file. `First` asks both, in one task, and is ready with the answer that comes first. If
//! both answers are there at once, it takes the one from `a`. The other request ends when the race is dropped, or
//! before.
//!
//! In `cargo run` a mirror answers after 50 ms. The race sees the answer after a whole second, and only because the
//! timeout in `main` makes the runtime poll the task again. Without the timeout, it would never see it.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};
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

    fn poll(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<String> {
        let this = self.get_mut();
        // Polling a future takes a context.
        let mut cx = Context::from_waker(Waker::noop());
        if let Poll::Ready(answer) = Pin::new(&mut this.a).poll(&mut cx) {
            return Poll::Ready(answer);
        }
        Pin::new(&mut this.b).poll(&mut cx)
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
