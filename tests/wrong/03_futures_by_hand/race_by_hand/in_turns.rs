//! fails: the_first_answer_wins
//! says: in poll 2, and child 2 won

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

pub struct First<A, B> {
    a: A,
    b: B,
    b_first: bool,
}

impl<A, B> First<A, B> {
    pub fn new(a: A, b: B) -> Self {
        Self { a, b, b_first: false }
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
        // Fair: each of them is the first to be asked in every other poll.
        let b_first = this.b_first;
        this.b_first = !b_first;
        if b_first && let Poll::Ready(answer) = Pin::new(&mut this.b).poll(cx) {
            return Poll::Ready(answer);
        }
        if let Poll::Ready(answer) = Pin::new(&mut this.a).poll(cx) {
            return Poll::Ready(answer);
        }
        if b_first { Poll::Pending } else { Pin::new(&mut this.b).poll(cx) }
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
