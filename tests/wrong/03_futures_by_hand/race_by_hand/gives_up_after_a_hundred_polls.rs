//! fails: a_long_wait_is_only_a_wait
//! says: A task may be polled for other reasons, any number of times.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

pub struct First<A, B> {
    a: A,
    b: B,
    polls: u32,
}

impl<A, B> First<A, B> {
    pub fn new(a: A, b: B) -> Self {
        Self { a, b, polls: 0 }
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
        this.polls += 1;
        if this.polls > 100 {
            return Poll::Ready(String::from("no mirror answers"));
        }
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
