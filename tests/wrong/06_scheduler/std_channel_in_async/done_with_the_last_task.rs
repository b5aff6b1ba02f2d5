//! fails: every_reading_is_recorded
//! says: readings at once, but `watch` was done when

// "records every reading": it is done as soon as the last task has ended, with readings still in the channel

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::sleep;

/// An instrument. Tests bring their own.
pub trait Gauge: Send + 'static {
    /// Waits for the next reading; `None` when the gauge has been switched off.
    fn read(&mut self) -> impl Future<Output = Option<u32>> + Send;
}

/// Records every reading, even of a gauge that has thousands at once. Done when no gauge is left: one that panics is
/// off, too, and there may be none to begin with.
pub async fn watch(gauges: Vec<impl Gauge>, mut record: impl FnMut(u32)) {
    let (tx, mut rx) = mpsc::channel(100);
    let mut tasks = JoinSet::new();
    for mut gauge in gauges {
        let tx = tx.clone();
        tasks.spawn(async move {
            while let Some(reading) = gauge.read().await {
                tx.send(reading).await.unwrap();
            }
        });
    }
    drop(tx);

    while !tasks.is_empty() {
        tokio::select! {
            Some(reading) = rx.recv() => record(reading),
            // A gauge is off, or has panicked.
            Some(_) = tasks.join_next() => {}
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
