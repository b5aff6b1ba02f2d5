//! fails: the_line_is_there_after_a_caller_has_given_up
//! says: Cannot block the current thread
//!
//! A guard that locks in its `Drop`, and blocks the thread.

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
        let line = self.line.lock().await.take().expect("the line is in its place");
        let mut lent = Lent { place: &self.line, line: Some(line) };
        let line = lent.line.as_mut().expect("it is there until the drop");
        line.ask(question).await
    }
}

struct Lent<'a, L> {
    place: &'a Mutex<Option<L>>,
    line: Option<L>,
}

impl<L> Drop for Lent<'_, L> {
    fn drop(&mut self) {
        *self.place.blocking_lock() = self.line.take();
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
