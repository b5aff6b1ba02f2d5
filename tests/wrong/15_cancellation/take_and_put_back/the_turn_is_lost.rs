//! fails: a_turn_that_nobody_takes_goes_to_the_next
//! says: never returned
//!
//! Tells the next in line that it is its turn, and does not notice when that one is gone before it has taken it.

use std::collections::VecDeque;
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
    state: std::sync::Mutex<State<L>>,
}

struct State<L> {
    place: Option<Place<L>>,
    busy: bool,
    waiting: VecDeque<oneshot::Sender<()>>,
}

struct Place<L> {
    line: L,
    half_way: bool,
}

impl<L: Line> Scale<L> {
    pub fn new(line: L) -> Self {
        let place = Some(Place { line, half_way: false });
        let state = State { place, busy: false, waiting: VecDeque::new() };
        Self { state: std::sync::Mutex::new(state) }
    }

    pub async fn ask(&self, question: &str) -> String {
        let turn = {
            let mut state = self.state.lock().unwrap();
            let (tell, told) = oneshot::channel();
            if state.busy {
                state.waiting.push_back(tell);
                Some(told)
            } else {
                state.busy = true;
                None
            }
        };
        if let Some(told) = turn {
            let _ = told.await;
        }
        let place = self.state.lock().unwrap().place.take();
        let mut lent = Lent { scale: self, place };
        let Place { line, half_way } = lent.place.as_mut().expect("it is this caller's turn");
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
        let mut state = self.scale.state.lock().unwrap();
        state.place = self.place.take();
        while let Some(next) = state.waiting.pop_front() {
            if next.send(()).is_ok() {
                return;
            }
        }
        state.busy = false;
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
