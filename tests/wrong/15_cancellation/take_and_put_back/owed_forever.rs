//! fails: the_line_is_there_after_a_caller_has_given_up
//! says: and at no other time
//!
//! Never forgets that a question was dropped once.

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
    half_way: bool,
    once: bool,
}

impl<L: Line> Scale<L> {
    pub fn new(line: L) -> Self {
        Self { place: Mutex::new(Place { line, half_way: false, once: false }) }
    }

    pub async fn ask(&self, question: &str) -> String {
        let mut place = self.place.lock().await;
        let Place { line, half_way, once } = &mut *place;
        *once |= *half_way;
        if *once {
            line.reset().await;
        }
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
