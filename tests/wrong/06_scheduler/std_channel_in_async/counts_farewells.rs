//! fails: the_last_gauge_ends_it
//! says: but `watch` still waits. A gauge that panics is off, too.

// "one that panics is off, too": it waits for a `None` from each gauge, and a gauge that panics never sends one: `watch` never ends

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::sleep;

/// An instrument. Tests bring their own.
pub trait Gauge: Send + 'static {
    /// Waits for the next reading; `None` when the gauge has been switched off.
    fn read(&mut self) -> impl Future<Output = Option<u32>> + Send;
}

/// Records every reading, even of a gauge that has thousands at once. Done when no gauge is left: one that panics is
/// off, too, and there may be none to begin with.
pub async fn watch(gauges: Vec<impl Gauge>, mut record: impl FnMut(u32)) {
    let mut left = gauges.len();
    let (tx, mut rx) = mpsc::channel(32);
    for mut gauge in gauges {
        let tx = tx.clone();
        tokio::spawn(async move {
            loop {
                let reading = gauge.read().await;
                let off = reading.is_none();
                if tx.send(reading).await.is_err() || off {
                    break;
                }
            }
        });
    }

    while left > 0 {
        match rx.recv().await {
            Some(Some(reading)) => record(reading),
            Some(None) => left -= 1,
            None => break,
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
