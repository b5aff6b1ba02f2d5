//! Drops both children when the race is decided.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

pub struct First<A, B> {
    children: Option<(A, B)>,
}

impl<A, B> First<A, B> {
    pub fn new(a: A, b: B) -> Self {
        Self { children: Some((a, b)) }
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
        let Some((a, b)) = &mut this.children else { panic!("the race is decided") };
        let mut answer = Pin::new(a).poll(cx);
        if answer.is_pending() {
            answer = Pin::new(b).poll(cx);
        }
        if answer.is_ready() {
            this.children = None;
        }
        answer
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
