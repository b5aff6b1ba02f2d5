//! A nightly export: a task that reads, a task that uploads, and a queue with few places between them.
//!
//! Why the memory filled: `send` of an unbounded channel never waits. Reading was as fast as it could be, uploading was not,
//! and the queue took the difference. A bounded channel waits in `send` when it is full, so the reader gets as fast as the
//! upload is. Nothing is thrown away, nobody asks whether there is room, and no rate has to be guessed.
//!
//! The bound counts what is in the queue. One more row is with the reader, which has read it and waits for a place, and one
//! is being uploaded. To have `ROOM` places in the queue, reserve the place *before* you read the row
//! (`tx.reserve().await`, `table.next().await`, `permit.send(row)`): that saves one of the two.
//!
//! A `Semaphore` of `ROOM` permits, each of which travels with its row and is dropped after the upload, bounds the same
//! thing without any arithmetic. It is the better choice when a row passes through several queues.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::sleep;

/// So many rows have room in memory, and not one more.
pub const ROOM: usize = 16;

/// Where the rows come from. Tests bring their own.
pub trait Table: Send + 'static {
    /// Reads the next row; `None` behind the last one.
    fn next(&mut self) -> impl Future<Output = Option<String>> + Send;
}

/// Where the rows go, which may be slow. Tests bring their own.
pub trait Archive: Send + 'static {
    fn upload(&mut self, row: String) -> impl Future<Output = ()> + Send;
}

/// Returns when every row has been uploaded. If `next` panics, so does `export`: half an export must not look complete.
pub async fn export(mut table: impl Table, mut archive: impl Archive) {
    // Two more rows are in memory when it is full: the one that waits in `send`, and the one that is being uploaded.
    let (tx, mut rx) = mpsc::channel(ROOM - 2);
    let reader = tokio::spawn(async move {
        while let Some(row) = table.next().await {
            if tx.send(row).await.is_err() {
                // The export has been dropped.
                return;
            }
        }
    });

    while let Some(row) = rx.recv().await {
        archive.upload(row).await;
    }
    // The channel ends as well when the reader panics. The handle knows the difference.
    reader.await.expect("reading does not panic");
}

static READ: AtomicU32 = AtomicU32::new(0);

struct Orders;

impl Table for Orders {
    async fn next(&mut self) -> Option<String> {
        let number = READ.load(Ordering::Relaxed);
        if number == 60 {
            return None;
        }
        READ.store(number + 1, Ordering::Relaxed);
        Some(format!("order {number}"))
    }
}

struct Cloud(u32);

impl Archive for Cloud {
    async fn upload(&mut self, row: String) {
        sleep(Duration::from_millis(40)).await;
        self.0 += 1;
        println!("{row} is up, and {} rows are in memory", READ.load(Ordering::Relaxed) - self.0);
    }
}

#[tokio::main]
async fn main() {
    export(Orders, Cloud(0)).await;
}
