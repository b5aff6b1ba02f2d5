//! fails: a_childs_wake_reaches_the_task
//! says: A child returned `Pending`, and you polled it again in the same poll
//!
//! `poll` goes round in a loop until one mirror has answered: it never says `Pending`, blocks the thread, and the
//! timeout around it cannot fire.

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
        // Whoever polls a future needs a context.
        let mut cx = Context::from_waker(Waker::noop());
        loop {
            if let Poll::Ready(answer) = Pin::new(&mut this.a).poll(&mut cx) {
                return Poll::Ready(answer);
            }
            if let Poll::Ready(answer) = Pin::new(&mut this.b).poll(&mut cx) {
                return Poll::Ready(answer);
            }
            std::thread::sleep(Duration::from_millis(1));
        }
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
