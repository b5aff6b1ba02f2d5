//! By hand: a queue, the number of open gauges and the newest waker under one mutex; a guard counts a gauge off, in a panic, too.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::time::Duration;

use tokio::task::coop::consume_budget;
use tokio::time::sleep;

/// An instrument. Tests bring their own.
pub trait Gauge: Send + 'static {
    /// Waits for the next reading; `None` when the gauge has been switched off.
    fn read(&mut self) -> impl Future<Output = Option<u32>> + Send;
}

#[derive(Default)]
struct Shared {
    readings: VecDeque<u32>,
    open: usize,
    waker: Option<Waker>,
}

/// One for each gauge. Dropped when its task ends, however it does.
struct Line(Arc<Mutex<Shared>>);

impl Line {
    fn change(&self, change: impl FnOnce(&mut Shared)) {
        let waker = {
            let mut shared = self.0.lock().unwrap();
            change(&mut shared);
            shared.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.change(|shared| shared.open -= 1);
    }
}

/// Records every reading, even of a gauge that has thousands at once. Done when no gauge is left: one that panics is
/// off, too, and there may be none to begin with.
pub async fn watch(gauges: Vec<impl Gauge>, mut record: impl FnMut(u32)) {
    let shared = Arc::new(Mutex::new(Shared { open: gauges.len(), ..Shared::default() }));
    for mut gauge in gauges {
        let line = Line(shared.clone());
        tokio::spawn(async move {
            while let Some(reading) = gauge.read().await {
                line.change(|shared| shared.readings.push_back(reading));
                consume_budget().await;
            }
        });
    }

    loop {
        let next = poll_fn(|cx| {
            let mut shared = shared.lock().unwrap();
            if let Some(reading) = shared.readings.pop_front() {
                return Poll::Ready(Some(reading));
            }
            if shared.open == 0 {
                return Poll::Ready(None);
            }
            shared.waker = Some(cx.waker().clone());
            Poll::Pending
        });
        match next.await {
            Some(reading) => record(reading),
            None => return,
        }
        consume_budget().await;
    }
}

/// Counts down, a step every 100 ms.
struct Tank(u32);

impl Gauge for Tank {
    async fn read(&mut self) -> Option<u32> {
        println!("the gauge is asked");
        sleep(Duration::from_millis(100)).await;
        self.0 = self.0.checked_sub(1)?;
        Some(self.0)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    watch(vec![Tank(3), Tank(5)], |reading| println!("recorded: {reading}")).await;
}
