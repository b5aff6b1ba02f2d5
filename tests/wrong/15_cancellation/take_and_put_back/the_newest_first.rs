//! fails: callers_take_turns
//! says: They take turns
//!
//! Wakes all who wait, and the first one that is polled has its turn.

use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};

/// The line to the scale. Tests bring their own.
pub trait Line: Send + 'static {
    fn ask(&mut self, question: &str) -> impl Future<Output = String> + Send;

    /// Removes what is left of a question that did not come to its end.
    fn reset(&mut self) -> impl Future<Output = ()> + Send;
}

pub struct Scale<L> {
    place: std::sync::Mutex<Option<Place<L>>>,
    waiting: std::sync::Mutex<Vec<oneshot::Sender<()>>>,
}

struct Place<L> {
    line: L,
    half_way: bool,
}

impl<L: Line> Scale<L> {
    pub fn new(line: L) -> Self {
        let place = Place { line, half_way: false };
        Self { place: std::sync::Mutex::new(Some(place)), waiting: std::sync::Mutex::default() }
    }

    pub async fn ask(&self, question: &str) -> String {
        let place = loop {
            if let Some(place) = self.place.lock().unwrap().take() {
                break place;
            }
            let (wake, woken) = oneshot::channel();
            self.waiting.lock().unwrap().push(wake);
            let _ = woken.await;
        };
        let mut lent = Lent { scale: self, place: Some(place) };
        let Place { line, half_way } = lent.place.as_mut().expect("it is there until the drop");
        if *half_way {
            line.reset().await;
        }
        *half_way = true;
        let answer = line.ask(question).await;
        *half_way = false;
        answer
    }
}

struct Lent<'a, L> {
    scale: &'a Scale<L>,
    place: Option<Place<L>>,
}

impl<L> Drop for Lent<'_, L> {
    fn drop(&mut self) {
        *self.scale.place.lock().unwrap() = self.place.take();
        while let Some(wake) = self.scale.waiting.lock().unwrap().pop() {
            if wake.send(()).is_ok() {
                break;
            }
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
