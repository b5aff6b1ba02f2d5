//! Meters in a `JoinSet`, told by a `watch`; the writer is no task, but runs in `collect`, joined with the shutdown.

use std::time::Duration;

use tokio::select;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::sleep;

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
    let (stop, told) = watch::channel(false);
    let (tx, mut rx) = mpsc::channel(ROOM);
    let mut tasks = JoinSet::new();
    for mut meter in meters {
        let tx = tx.clone();
        let mut told = told.clone();
        tasks.spawn(async move {
            loop {
                let signal = async {
                    let _ = told.wait_for(|stop| *stop).await;
                };
                let reading = select! {
                    biased;
                    () = signal => None,
                    reading = meter.read() => Some(reading),
                };
                match reading {
                    Some(reading) => {
                        if tx.send(reading).await.is_err() {
                            return;
                        }
                    }
                    None => return,
                }
            }
        });
    }
    let tell = async move {
        shutdown.await;
        stop.send_replace(true);
        drop(tx);
    };
    let write = async {
        while let Some(reading) = rx.recv().await {
            ledger.write(reading).await;
        }
        ledger.flush().await;
    };
    tokio::join!(tell, write);
    // A panic of a meter is its own affair.
    while tasks.join_next().await.is_some() {}
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
