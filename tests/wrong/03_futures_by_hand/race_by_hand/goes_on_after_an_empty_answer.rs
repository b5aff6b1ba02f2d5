//! fails: any_text_is_an_answer
//! says: and the race returned `Pending`. Any text is an answer
//!
//! An empty answer of `a` is not taken and the race goes on with `b` alone.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

pub struct First<A, B> {
    a: A,
    b: B,
    a_failed: bool,
}

impl<A, B> First<A, B> {
    pub fn new(a: A, b: B) -> Self {
        Self { a, b, a_failed: false }
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
        if !this.a_failed
            && let Poll::Ready(answer) = Pin::new(&mut this.a).poll(cx)
        {
            if !answer.is_empty() {
                return Poll::Ready(answer);
            }
            this.a_failed = true;
        }
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
