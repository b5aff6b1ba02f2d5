//! A permit is the turn, and a guard gives the line back.

use std::sync::{Mutex, MutexGuard, PoisonError};
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
    /// `None` only while somebody has the permit.
    line: Mutex<Option<State<L>>>,
}

enum State<L> {
    InOrder(L),
    HalfWay(L),
}

impl<L: Line> Scale<L> {
    pub fn new(line: L) -> Self {
        Self { turn: Semaphore::new(1), line: Mutex::new(Some(State::InOrder(line))) }
    }

    pub async fn ask(&self, question: &str) -> String {
        let _turn = self.turn.acquire().await.expect("nobody closes it");
        let state = lock(&self.line).take().expect("it is this caller's turn");
        let (line, half_way) = match state {
            State::InOrder(line) => (line, false),
            State::HalfWay(line) => (line, true),
        };
        let mut lent = Lent { place: &self.line, line: Some(line), half_way };
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
    place: &'a Mutex<Option<State<L>>>,
    line: Option<L>,
    half_way: bool,
}

impl<L> Drop for Lent<'_, L> {
    fn drop(&mut self) {
        let state = if self.half_way { State::HalfWay } else { State::InOrder };
        *lock(self.place) = self.line.take().map(state);
    }
}

fn lock<T>(place: &Mutex<T>) -> MutexGuard<'_, T> {
    place.lock().unwrap_or_else(PoisonError::into_inner)
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
