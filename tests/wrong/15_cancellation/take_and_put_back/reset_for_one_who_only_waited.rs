//! fails: the_next_turn_begins_at_once
//! says: When a caller gives up, its question ends, and the next turn begins at once
//!
//! A caller who gives up while waiting for the turn has asked nothing, but the line is reset all the same.

use std::sync::atomic::{AtomicBool, Ordering};
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
    line: Mutex<L>,
    dirty: AtomicBool,
}

struct Unfinished<'a> {
    dirty: &'a AtomicBool,
    finished: bool,
}

impl Drop for Unfinished<'_> {
    fn drop(&mut self) {
        if !self.finished {
            self.dirty.store(true, Ordering::SeqCst);
        }
    }
}

impl<L: Line> Scale<L> {
    pub fn new(line: L) -> Self {
        Self { line: Mutex::new(line), dirty: AtomicBool::new(false) }
    }

    pub async fn ask(&self, question: &str) -> String {
        let mut line;
        let mut call = Unfinished { dirty: &self.dirty, finished: false };
        line = self.line.lock().await;
        if self.dirty.load(Ordering::SeqCst) {
            line.reset().await;
            self.dirty.store(false, Ordering::SeqCst);
        }
        let answer = line.ask(question).await;
        call.finished = true;
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
