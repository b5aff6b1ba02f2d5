//! The meters are told, and the queue tells the writer.
//!
//! What was wrong: everybody was told at the same time. The writer stopped, with readings in the queue. That dropped the
//! receiver, so meters that waited for room got an error, and the `unwrap` made a panic of it, with a reading in hand.
//!
//! A writer that hears only from its queue cannot stop too early. `recv` returns `None` when there is nothing left *and* nobody
//! is left who could send: that is the exact moment at which everything is written. Each meter ends after the reading that
//! it has in hand, because it looks at the token only while it has none. So the end travels through the pipeline, one
//! stage after another, and no stage has to count anything.
//!
//! `biased` matters under load. A meter that always has a reading would otherwise be read once more, now and then, after the
//! shutdown.
//!
//! If other code held senders that you cannot drop, `rx.close()` would end the queue from the writer's side. Then the readings
//! of those who wait for room come back to them as errors, which is fine for callers who can be told, and not for meters that
//! have forgotten them.

use std::time::Duration;

use tokio::select;
use tokio::sync::mpsc;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// The queue has room for so many readings.
pub const ROOM: usize = 8;

/// Tests bring their own.
pub trait Meter: Send + 'static {
    /// Waits for the next reading. A call that is dropped takes none.
    fn read(&mut self) -> impl Future<Output = u64> + Send;
}

/// Tests bring their own.
pub trait Ledger: Send + 'static {
    fn write(&mut self, reading: u64) -> impl Future<Output = ()> + Send;
    fn flush(&mut self) -> impl Future<Output = ()> + Send;
}

/// When it returns, nothing that it has started is left.
pub async fn collect<M: Meter, L: Ledger>(meters: Vec<M>, mut ledger: L, shutdown: impl Future<Output = ()>) {
    let stop = CancellationToken::new();
    let tasks = TaskTracker::new();
    let (tx, mut rx) = mpsc::channel(ROOM);
    for mut meter in meters {
        let (tx, stop) = (tx.clone(), stop.clone());
        tasks.spawn(async move {
            loop {
                // Listens only while it has nothing in hand.
                let reading = select! {
                    biased;
                    () = stop.cancelled() => break,
                    reading = meter.read() => reading,
                };
                if tx.send(reading).await.is_err() {
                    // The writer has panicked.
                    break;
                }
            }
        });
    }
    // The last sender has to go with the last meter.
    drop(tx);
    tasks.spawn(async move {
        while let Some(reading) = rx.recv().await {
            ledger.write(reading).await;
        }
        ledger.flush().await;
    });

    shutdown.await;
    stop.cancel();
    tasks.close();
    tasks.wait().await;
}

/// Has three readings, one right after another.
struct House(std::ops::Range<u64>);

impl Meter for House {
    async fn read(&mut self) -> u64 {
        match self.0.next() {
            Some(reading) => reading,
            None => std::future::pending().await,
        }
    }
}

struct Table(usize);

impl Ledger for Table {
    async fn write(&mut self, reading: u64) {
        sleep(Duration::from_millis(100)).await;
        self.0 += 1;
        println!("written: {reading} (number {})", self.0);
    }

    async fn flush(&mut self) {
        println!("flushed after {} readings", self.0);
    }
}

#[tokio::main]
async fn main() {
    let meters = (1..=4).map(|house| House(house * 10..house * 10 + 3)).collect();
    collect(meters, Table(0), sleep(Duration::from_millis(250))).await;
}
