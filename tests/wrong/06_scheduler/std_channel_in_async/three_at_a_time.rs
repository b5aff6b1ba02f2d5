//! fails: readings_are_recorded_as_they_come
//! says: Each gauge has to be read in a separate task
//!
//! No more than three gauges are read at once.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, mpsc};
use tokio::time::sleep;

/// An instrument. Tests bring their own.
pub trait Gauge: Send + 'static {
    /// Waits for the next reading; `None` when the gauge has been switched off.
    fn read(&mut self) -> impl Future<Output = Option<u32>> + Send;
}

/// Records every reading, even of a gauge that has thousands at once. Done when no gauge is left: one that panics is
/// off, too, and there may be none to begin with.
pub async fn watch(gauges: Vec<impl Gauge>, mut record: impl FnMut(u32)) {
    let (tx, mut rx) = mpsc::channel(16);
    let room = Arc::new(Semaphore::new(3));
    for mut gauge in gauges {
        let (tx, room) = (tx.clone(), room.clone());
        tokio::spawn(async move {
            let _room = room.acquire().await.unwrap();
            while let Some(reading) = gauge.read().await {
                tx.send(reading).await.unwrap();
            }
        });
    }
    drop(tx);

    while let Some(reading) = rx.recv().await {
        record(reading);
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
