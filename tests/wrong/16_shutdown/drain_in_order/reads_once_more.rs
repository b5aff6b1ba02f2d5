//! fails: every_reading_is_written
//! says: later. From the shutdown on, no meter is read any more, also if it has a reading at that moment
//!
//! An unbiased `select!`: now and then a meter is read after the shutdown.

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
                let reading = select! {
                    () = stop.cancelled() => break,
                    reading = meter.read() => reading,
                };
                if tx.send(reading).await.is_err() {
                    break;
                }
            }
        });
    }
    tasks.spawn(async move {
        while let Some(reading) = rx.recv().await {
            ledger.write(reading).await;
        }
        ledger.flush().await;
    });

    shutdown.await;
    stop.cancel();
    drop(tx);
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
