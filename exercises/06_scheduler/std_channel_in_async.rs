//! A weather station. A separate task reads each gauge, every reading is recorded as it comes, and `watch` is done when
//! all gauges have been switched off.
//!
//! `cargo run` hangs before anything is recorded, with an idle CPU. It has not even asked a gauge.

use std::sync::mpsc;
use std::time::Duration;

use tokio::time::sleep;

/// An instrument. Tests bring their own.
pub trait Gauge: Send + 'static {
    /// Waits for the next reading; `None` when the gauge has been switched off.
    fn read(&mut self) -> impl Future<Output = Option<u32>> + Send;
}

/// Records every reading, those of each gauge in their order, even if a gauge has thousands at once. Done when no gauge
/// is left: one that panics is off, too, and there may be none from the start.
pub async fn watch(gauges: Vec<impl Gauge>, mut record: impl FnMut(u32)) {
    let (tx, rx) = mpsc::channel();
    for mut gauge in gauges {
        let tx = tx.clone();
        tokio::spawn(async move {
            while let Some(reading) = gauge.read().await {
                tx.send(reading).unwrap();
            }
        });
    }
    // The channel ends when the last task has dropped its sender. This one must not keep it open.
    drop(tx);

    while let Ok(reading) = rx.recv() {
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
