//! A queue of its own, and a `Notify` that wakes whoever empties it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::sleep;

/// An instrument. Tests bring their own.
pub trait Gauge: Send + 'static {
    /// Waits for the next reading; `None` when the gauge has been switched off.
    fn read(&mut self) -> impl Future<Output = Option<u32>> + Send;
}

pub async fn watch(gauges: Vec<impl Gauge>, mut record: impl FnMut(u32)) {
    let queue: Arc<Mutex<VecDeque<u32>>> = Arc::default();
    let news = Arc::new(Notify::new());
    let mut left = JoinSet::new();
    for mut gauge in gauges {
        let (queue, news) = (queue.clone(), news.clone());
        left.spawn(async move {
            while let Some(reading) = gauge.read().await {
                queue.lock().unwrap().push_back(reading);
                news.notify_one();
            }
        });
    }
    loop {
        let over = tokio::select! {
            () = news.notified() => false,
            end = left.join_next() => end.is_none(),
        };
        while let Some(reading) = { queue.lock().unwrap().pop_front() } {
            record(reading);
        }
        if over {
            break;
        }
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
