//! A `watch` channel as the signal, a list of handles, and the handle of the writer.

use tokio::select;
use tokio::sync::{mpsc, watch};

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
    let stop = watch::Sender::new(false);
    let (tx, mut rx) = mpsc::channel(ROOM);
    let mut tasks = Vec::new();
    for mut meter in meters {
        let (tx, mut stop) = (tx.clone(), stop.subscribe());
        tasks.push(tokio::spawn(async move {
            loop {
                let reading = select! {
                    biased;
                    _ = stop.wait_for(|stop| *stop) => return,
                    reading = meter.read() => reading,
                };
                let _ = tx.send(reading).await;
            }
        }));
    }
    let writer = tokio::spawn(async move {
        while let Some(reading) = rx.recv().await {
            ledger.write(reading).await;
        }
        ledger
    });
    shutdown.await;
    stop.send_replace(true);
    for task in tasks {
        let _ = task.await;
    }
    // Everything that was taken is in the queue by now.
    drop(tx);
    if let Ok(mut ledger) = writer.await {
        ledger.flush().await;
    }
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
