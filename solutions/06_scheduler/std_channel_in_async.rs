//! A weather station: a task for each gauge, and one channel for all readings.
//!
//! Why the starter hung: `recv` of the standard library waits by putting the *thread* to sleep. The tasks that should
//! send had been spawned but not yet polled, and the thread that polls them was asleep. `recv` of Tokio's channel is a
//! future: it leaves its waker in the channel and returns `Pending`. Then the thread can poll the tasks, and the next
//! `send` wakes the receiver.
//!
//! A loop of `try_recv` and `yield_now` would get the readings too, but burn a core for it: a task that is always ready
//! never lets the runtime sleep. The sending half of a std channel is not the problem: `send` on an unbounded one does
//! not wait. (`sync_channel` blocks in `send`, too.)

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::sleep;

/// An instrument. Tests bring their own.
pub trait Gauge: Send + 'static {
    /// Waits for the next reading; `None` when the gauge has been switched off.
    fn read(&mut self) -> impl Future<Output = Option<u32>> + Send;
}

/// Records every reading, even of a gauge that has thousands at once. Done when no gauge is left: one that panics is
/// off, too, and there may be none from the start.
pub async fn watch(gauges: Vec<impl Gauge>, mut record: impl FnMut(u32)) {
    // Room for 16 readings. A gauge that is faster than `record` has to wait; with `unbounded_channel` it would not.
    let (tx, mut rx) = mpsc::channel(16);
    for mut gauge in gauges {
        let tx = tx.clone();
        tokio::spawn(async move {
            while let Some(reading) = gauge.read().await {
                tx.send(reading).await.expect("`rx` lives until all senders are gone");
            }
        });
    }
    // The channel ends when the last task has dropped its sender. This one must not keep it open.
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
