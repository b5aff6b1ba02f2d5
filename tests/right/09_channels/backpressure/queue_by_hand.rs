//! A queue under a mutex, and a `Notify` for each direction.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::Notify;
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
#[derive(Default)]
struct Queue {
    rows: Mutex<VecDeque<Option<String>>>,
    filled: Notify,
    emptied: Notify,
}

impl Queue {
    async fn put(&self, row: Option<String>) {
        while self.rows.lock().unwrap().len() >= ROOM - 2 {
            self.emptied.notified().await;
        }
        self.rows.lock().unwrap().push_back(row);
        self.filled.notify_one();
    }

    async fn take(&self) -> Option<String> {
        loop {
            let first = self.rows.lock().unwrap().pop_front();
            if let Some(row) = first {
                self.emptied.notify_one();
                return row;
            }
            self.filled.notified().await;
        }
    }
}

/// Says that there is nothing more, whatever ends the reader.
struct End(Arc<Queue>);

impl Drop for End {
    fn drop(&mut self) {
        self.0.rows.lock().unwrap().push_back(None);
        self.0.filled.notify_one();
    }
}

pub async fn export(mut table: impl Table, mut archive: impl Archive) {
    let queue = Arc::new(Queue::default());
    let end = End(queue.clone());
    let reader = tokio::spawn(async move {
        while let Some(row) = table.next().await {
            end.0.put(Some(row)).await;
        }
    });
    while let Some(row) = queue.take().await {
        archive.upload(row).await;
    }
    if let Err(error) = reader.await {
        std::panic::resume_unwind(error.into_panic());
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
