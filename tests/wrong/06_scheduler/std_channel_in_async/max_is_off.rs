//! fails: every_reading_is_recorded
//! says: but [0, 0] was recorded

// `None` says that a gauge is off; a reading of `u32::MAX` switches it off here.

use std::time::Duration;

use tokio::time::sleep;

/// An instrument. Tests bring their own.
pub trait Gauge: Send + 'static {
    /// Waits for the next reading; `None` when the gauge has been switched off.
    fn read(&mut self) -> impl Future<Output = Option<u32>> + Send;
}

/// Records every reading, those of a gauge in their order, even if it has thousands at once. Done when no gauge is left:
/// one that panics is off, too, and there may be none to begin with.
pub async fn watch(gauges: Vec<impl Gauge>, mut record: impl FnMut(u32)) {
    let (tx, mut rx) = tokio::sync::mpsc::unbounded_channel();
    for mut gauge in gauges {
        let tx = tx.clone();
        tokio::spawn(async move {
            loop {
                let reading = gauge.read().await.unwrap_or(u32::MAX);
                if reading == u32::MAX || tx.send(reading).is_err() {
                    return;
                }
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
