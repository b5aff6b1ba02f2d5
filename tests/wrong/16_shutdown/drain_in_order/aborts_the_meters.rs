//! fails: every_reading_is_written
//! says: have not been written

use tokio::sync::mpsc;
use tokio::task::JoinSet;

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
    let (tx, mut rx) = mpsc::channel(ROOM);
    let mut tasks = JoinSet::new();
    for mut meter in meters {
        let tx = tx.clone();
        tasks.spawn(async move {
            loop {
                let reading = meter.read().await;
                if tx.send(reading).await.is_err() {
                    break;
                }
            }
        });
    }
    drop(tx);
    let writer = tokio::spawn(async move {
        while let Some(reading) = rx.recv().await {
            ledger.write(reading).await;
        }
        ledger.flush().await;
    });
    shutdown.await;
    tasks.shutdown().await;
    let _ = writer.await;
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
