//! Takes the line out, and a guard puts it back and notes what is owed.

use std::time::Duration;

use tokio::sync::{Mutex, MutexGuard};
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
    line: Option<L>,
    half_way: bool,
}

impl<L: Line> Scale<L> {
    pub fn new(line: L) -> Self {
        Self { place: Mutex::new(Place { line: Some(line), half_way: false }) }
    }

    pub async fn ask(&self, question: &str) -> String {
        let mut place = self.place.lock().await;
        let line = place.line.take().expect("a guard puts it back");
        let half_way = place.half_way;
        let mut taken = Taken { place, line: Some(line), half_way };
        let line = taken.line.as_mut().expect("it is there until the drop");
        if taken.half_way {
            line.reset().await;
        }
        taken.half_way = true;
        let answer = line.ask(question).await;
        taken.half_way = false;
        answer
    }
}

struct Taken<'a, L> {
    place: MutexGuard<'a, Place<L>>,
    line: Option<L>,
    half_way: bool,
}

impl<L> Drop for Taken<'_, L> {
    fn drop(&mut self) {
        self.place.line = self.line.take();
        self.place.half_way = self.half_way;
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
