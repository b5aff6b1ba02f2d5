//! A packing station has one scale. Its line carries one question at a time. `ask` waits until the line is free, asks the
//! scale, and returns the answer. Callers take turns, in the order in which they called.
//!
//! A caller may give up at any time. Then its `ask` is dropped, its question with it, and the next caller's turn begins at
//! once. When a question was dropped half-way, or has panicked, the line still has a part of the answer: it has to be
//! `reset` before the next question. A `reset` takes seconds, so it happens at no other time. One that was dropped
//! half-way, or has panicked, counts for nothing.
//!
//! In `cargo run` the first caller gives up, and the second one cannot ask any more.

use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::{sleep, timeout};

/// The line to the scale. Tests bring their own.
pub trait Line: Send + 'static {
    fn ask(&mut self, question: &str) -> impl Future<Output = String> + Send;

    /// Removes what is left of a question that did not come to its end.
    fn reset(&mut self) -> impl Future<Output = ()> + Send;
}

pub struct Scale<L> {
    line: Mutex<Option<L>>,
}

impl<L: Line> Scale<L> {
    pub fn new(line: L) -> Self {
        Self { line: Mutex::new(Some(line)) }
    }

    pub async fn ask(&self, question: &str) -> String {
        let mut place = self.line.lock().await;
        let mut line = place.take().expect("the line is in its place");
        let answer = line.ask(question).await;
        *place = Some(line);
        answer
    }
}

struct Serial;

impl Line for Serial {
    async fn ask(&mut self, question: &str) -> String {
        println!("asking: {question}");
        sleep(Duration::from_millis(500)).await;
        "12.5 kg".to_owned()
    }

    async fn reset(&mut self) {
        println!("resetting");
        sleep(Duration::from_millis(300)).await;
    }
}

#[tokio::main]
async fn main() {
    let scale = Scale::new(Serial);
    for patience in [100, 2_000] {
        let answer = timeout(Duration::from_millis(patience), scale.ask("gross weight")).await;
        println!("{answer:?}");
    }
}
