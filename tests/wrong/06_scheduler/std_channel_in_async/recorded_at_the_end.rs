//! fails: readings_are_recorded_as_they_come
//! says: it was recorded only later, after all the others had been returned

// "every reading is recorded as it comes": the tasks collect their readings, and they are recorded when a gauge has been switched off, gauge by gauge; those of a gauge that panics are lost

use std::time::Duration;

use tokio::time::sleep;

/// An instrument. Tests bring their own.
pub trait Gauge: Send + 'static {
    /// Waits for the next reading; `None` when the gauge has been switched off.
    fn read(&mut self) -> impl Future<Output = Option<u32>> + Send;
}

/// Records every reading, even of a gauge that has thousands at once. Done when no gauge is left: one that panics is
/// off, too, and there may be none to begin with.
pub async fn watch(gauges: Vec<impl Gauge>, mut record: impl FnMut(u32)) {
    let mut tasks = Vec::new();
    for mut gauge in gauges {
        tasks.push(tokio::spawn(async move {
            let mut readings = Vec::new();
            while let Some(reading) = gauge.read().await {
                readings.push(reading);
            }
            readings
        }));
    }
    for task in tasks {
        // A task that has panicked has nothing to record.
        if let Ok(readings) = task.await {
            readings.into_iter().for_each(&mut record);
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
