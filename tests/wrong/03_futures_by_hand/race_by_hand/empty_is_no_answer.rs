//! fails: any_text_is_an_answer
//! says: Any text is an answer, an empty one as well

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
        let mut answers = [String::new(), String::new()];
        if let Poll::Ready(answer) = Pin::new(&mut this.a).poll(cx) {
            answers[0] = answer;
        }
        if let Poll::Ready(answer) = Pin::new(&mut this.b).poll(cx) {
            answers[1] = answer;
        }
        match answers.into_iter().find(|answer| !answer.is_empty()) {
            Some(answer) => Poll::Ready(answer),
            None => Poll::Pending,
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
