//! fails: a_dropped_race_leaves_nobody_behind
//! says: The race was dropped, but child 1 is still there.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

pub struct First<A: 'static, B: 'static> {
    a: &'static mut A,
    b: &'static mut B,
}

impl<A: 'static, B: 'static> First<A, B> {
    pub fn new(a: A, b: B) -> Self {
        Self { a: Box::leak(Box::new(a)), b: Box::leak(Box::new(b)) }
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
        if let Poll::Ready(answer) = Pin::new(&mut *this.a).poll(cx) {
            return Poll::Ready(answer);
        }
        Pin::new(&mut *this.b).poll(cx)
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
