//! fails: a_panic_leaves_the_line_in_its_place
//! says: The line does not exist any more
//!
//! A guard that puts nothing back while the thread panics.

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
    line: Mutex<Option<(L, bool)>>,
}

impl<L: Line> Scale<L> {
    pub fn new(line: L) -> Self {
        Self { line: Mutex::new(Some((line, false))) }
    }

    pub async fn ask(&self, question: &str) -> String {
        let mut place = self.line.lock().await;
        let (line, half_way) = place.take().expect("the line is in its place");
        let mut lent = Lent { place: &mut place, line: Some(line), half_way };
        let line = lent.line.as_mut().expect("it is there until the drop");
        if half_way {
            line.reset().await;
        }
        lent.half_way = true;
        let answer = line.ask(question).await;
        lent.half_way = false;
        answer
    }
}

struct Lent<'a, L> {
    place: &'a mut Option<(L, bool)>,
    line: Option<L>,
    half_way: bool,
}

impl<L> Drop for Lent<'_, L> {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            *self.place = self.line.take().map(|line| (line, self.half_way));
        }
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
