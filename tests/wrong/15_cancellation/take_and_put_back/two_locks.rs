//! fails: a_turn_that_nobody_takes_goes_to_the_next
//! says: That was still in the line: after a question that did not come to its end, the line has to be reset
//!
//! Reset under one lock, question under another: with two callers in line, one may ask on a line that was not reset.

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

    async fn clean(&self) {
        let mut guard = self.state.lock().await;
        let state = &mut *guard;
        if state.dirty {
            state.line.reset().await;
            state.dirty = false;
        }
    }

    pub async fn ask(&self, question: &str) -> String {
        self.clean().await;
        let mut guard = self.state.lock().await;
        let state = &mut *guard;
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
