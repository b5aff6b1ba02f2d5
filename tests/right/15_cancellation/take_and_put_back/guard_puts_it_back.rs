//! A semaphore for the turns, an Option that the line is taken from, and a guard that puts it back (clumsy).

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

/// The line to the scale. Tests bring their own.
pub trait Line: Send + 'static {
    fn ask(&mut self, question: &str) -> impl Future<Output = String> + Send;

    /// Removes what is left of a question that did not come to its end.
    fn reset(&mut self) -> impl Future<Output = ()> + Send;
}

pub struct Scale<L> {
    turn: Semaphore,
    line: Mutex<Option<L>>,
    needs_reset: AtomicBool,
}

struct Taken<'a, L> {
    place: &'a Mutex<Option<L>>,
    line: Option<L>,
}

impl<'a, L> Taken<'a, L> {
    fn new(place: &'a Mutex<Option<L>>) -> Self {
        let line = place.lock().unwrap().take();
        Self { place, line }
    }
}

impl<L> Drop for Taken<'_, L> {
    fn drop(&mut self) {
        if let Ok(mut place) = self.place.lock() {
            *place = self.line.take();
        }
    }
}

impl<L: Line> Scale<L> {
    pub fn new(line: L) -> Self {
        Self { turn: Semaphore::new(1), line: Mutex::new(Some(line)), needs_reset: AtomicBool::new(false) }
    }

    pub async fn ask(&self, question: &str) -> String {
        // Dropped in reverse order: first the line goes back, then the turn is over.
        let _turn = self.turn.acquire().await.expect("nobody closes it");
        let mut taken = Taken::new(&self.line);
        let line = taken.line.as_mut().expect("the line is in its place");
        if self.needs_reset.load(Ordering::SeqCst) {
            line.reset().await;
            self.needs_reset.store(false, Ordering::SeqCst);
        }
        self.needs_reset.store(true, Ordering::SeqCst);
        let answer = line.ask(question).await;
        self.needs_reset.store(false, Ordering::SeqCst);
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
