//! The line stays behind the Mutex; a note there is written before the question and removed after it.

use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::{sleep, timeout};

/// The line to the scale. Tests bring their own.
pub trait Line: Send + 'static {
    fn ask(&mut self, question: &str) -> impl Future<Output = String> + Send;

    /// Removes what is left of a question that did not come to its end.
    fn reset(&mut self) -> impl Future<Output = ()> + Send;
}

struct State<L> {
    line: L,
    /// A question or a reset has begun and has not come to its end.
    dirty: bool,
}

pub struct Scale<L> {
    state: Mutex<State<L>>,
}

impl<L: Line> Scale<L> {
    pub fn new(line: L) -> Self {
        Self { state: Mutex::new(State { line, dirty: false }) }
    }

    pub async fn ask(&self, question: &str) -> String {
        let mut guard = self.state.lock().await;
        let state = &mut *guard;
        if state.dirty {
            state.line.reset().await;
        }
        state.dirty = true;
        let answer = state.line.ask(question).await;
        state.dirty = false;
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
