//! fails: full_means_that_the_meters_wait
//! says: When the queue is full, the meters wait

use tokio::select;
use tokio::sync::mpsc;
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
    let (tx, mut rx) = mpsc::unbounded_channel();
    for mut meter in meters {
        let (tx, stop) = (tx.clone(), stop.clone());
        tasks.spawn(async move {
            loop {
                let reading = select! {
                    biased;
                    () = stop.cancelled() => break,
                    reading = meter.read() => reading,
                };
                if tx.send(reading).is_err() {
                    break;
                }
            }
        });
    }
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

struct House;

impl Meter for House {
    async fn read(&mut self) -> u64 {
        std::future::pending().await
    }
}

struct Table;

impl Ledger for Table {
    async fn write(&mut self, _reading: u64) {}
    async fn flush(&mut self) {}
}

#[tokio::main]
async fn main() {
    collect(vec![House], Table, async {}).await;
}
