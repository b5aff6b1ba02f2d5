//! A utility company reads its meters. `collect` has a task for each meter, which takes one reading
//! after another and puts it into a queue. A single writer takes them out of the queue and writes them
//! into the ledger, one after another. That goes on until `shutdown` is ready.
//!
//! A meter forgets a reading when `read` returns it. So each reading that was taken has to be written,
//! exactly once, also if `shutdown` comes. Then this is the order:
//!
//! 1. No meter is read any more, from that moment on. Nobody waits for a meter that has no reading.
//! 2. All readings that were taken are written, as long as it takes.
//! 3. The ledger is flushed, once. Nothing is written after that, and `collect` returns.
//!
//! When the queue is full, the meters wait, each with one reading in hand. A meter that is silent holds
//! up no other one, and neither does a meter whose `read` panics: that one is out of service.
//!
//! In `cargo run`, 12 readings are taken. Look at how many are written.

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
                select! {
                    () = stop.cancelled() => break,
                    reading = meter.read() => tx.send(reading).await.unwrap(),
                }
            }
        });
    }
    let told = stop.clone();
    tasks.spawn(async move {
        loop {
            select! {
                () = told.cancelled() => break,
                Some(reading) = rx.recv() => ledger.write(reading).await,
            }
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
