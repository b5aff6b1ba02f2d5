//! The line lies in a channel with one place, and goes back into it in a destructor.

use std::time::Duration;

use tokio::sync::{Mutex, mpsc};
use tokio::time::{sleep, timeout};

/// The line to the scale. Tests bring their own.
pub trait Line: Send + 'static {
    fn ask(&mut self, question: &str) -> impl Future<Output = String> + Send;

    /// Removes what is left of a question that did not come to its end.
    fn reset(&mut self) -> impl Future<Output = ()> + Send;
}

pub struct Scale<L> {
    put: mpsc::Sender<(L, bool)>,
    take: Mutex<mpsc::Receiver<(L, bool)>>,
}

impl<L: Line> Scale<L> {
    pub fn new(line: L) -> Self {
        let (put, take) = mpsc::channel(1);
        let scale = Self { put, take: Mutex::new(take) };
        let _ = scale.put.try_send((line, false));
        scale
    }

    pub async fn ask(&self, question: &str) -> String {
        let mut take = self.take.lock().await;
        let (line, half_way) = take.recv().await.expect("this struct has a sender");
        let mut lent = Lent { put: &self.put, line: Some(line), half_way };
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
    put: &'a mpsc::Sender<(L, bool)>,
    line: Option<L>,
    half_way: bool,
}

impl<L> Drop for Lent<'_, L> {
    fn drop(&mut self) {
        if let Some(line) = self.line.take() {
            let _ = self.put.try_send((line, self.half_way));
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
