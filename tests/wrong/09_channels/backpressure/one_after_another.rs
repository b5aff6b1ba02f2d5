//! fails: reading_goes_on_during_an_upload
//! says: rows were read. While a row is being uploaded, the next ones are read
//!
//! Reads a row, uploads it, and only then reads the next one.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

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
    while let Some(row) = table.next().await {
        archive.upload(row).await;
    }
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
