//! fails: readings_are_recorded_as_they_come
//! says: Each gauge has to be read in a separate task

use std::time::Duration;

use tokio::time::sleep;

/// An instrument. Tests bring their own.
pub trait Gauge: Send + 'static {
    /// Waits for the next reading; `None` when the gauge has been switched off.
    fn read(&mut self) -> impl Future<Output = Option<u32>> + Send;
}

pub async fn watch(gauges: Vec<impl Gauge>, mut record: impl FnMut(u32)) {
    for mut gauge in gauges {
        while let Some(reading) = gauge.read().await {
            record(reading);
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
