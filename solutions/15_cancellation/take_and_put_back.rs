//! One scale for many callers, each of whom may give up at any time.
//!
//! Why the line was gone: between `take` and the line that puts it back there is an await, and the call was dropped there.
//! The line was a local variable, so it was dropped, too. An async function may be left at each of its awaits, and others
//! see what it has left behind. It must not owe anybody anything while it waits.
//!
//! Nobody has to take the line away to use it: the guard of the lock lends it, and gives the lock back in its own `Drop`.
//!
//! What is owed after a dropped question is a `reset`, and that is async: no destructor can await it. So the debt is
//! written down *before* the question begins, and crossed out when it has come to its end. The next caller sees it and
//! pays. If that one gives up during the `reset`, the debt is still there. The same goes for a panic.
//!
//! A guard of one's own, which puts the line back in its `Drop`, is as good. It is the only way where a value has to be
//! taken out, say because its method takes `self`.

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
    place: Mutex<Place<L>>,
}

struct Place<L> {
    line: L,
    /// Whether the last question has not come to its end.
    half_way: bool,
}

impl<L: Line> Scale<L> {
    pub fn new(line: L) -> Self {
        Self { place: Mutex::new(Place { line, half_way: false }) }
    }

    pub async fn ask(&self, question: &str) -> String {
        let mut place = self.place.lock().await;
        let Place { line, half_way } = &mut *place;
        if *half_way {
            line.reset().await;
        }
        // Noted before the await: after it, there may be nobody left who could.
        *half_way = true;
        let answer = line.ask(question).await;
        *half_way = false;
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
