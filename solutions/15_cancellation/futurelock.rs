//! The booking is polled from its beginning to its end.
//!
//! Why `settle` stopped: at noon the backup had the ledger, and the booking was the first in line for it. When the patience was over,
//! the `select!` ended, and `settle` awaited the report. The report stood in line behind the booking. When the backup was done, the
//! ledger was handed to the booking, and the task was woken; but the task polled the report, and the report had to wait for the
//! booking. Nobody polled the booking, so it never gave the ledger back. That is a futurelock. It also stopped everybody else who
//! needed the ledger. A longer patience would only have made it rare.
//!
//! A future that has been polled may own something. There are three ways to treat it well: poll it, give it a task, or drop it. To
//! drop the booking is forbidden here. `join!` polls both: it takes the booking where it is and polls it along with the report.
//!
//! A task is as good: `let mut booking = tokio::spawn(…)` with its own `Arc`, then the same `select!` with the handle, and the
//! original handler. Take the task when the booking should go on after a `settle` that is dropped, or when the handler is long and
//! full of awaits that have nothing to do with the booking: with a task, nobody has to think of polling it. Take `join!` when the
//! booking borrows, or when a dropped `settle` should cancel it.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::{sleep, timeout};
use tokio::{join, select};

/// Its calls do not panic. Tests bring their own.
pub trait Ledger: Send + Sync + 'static {
    /// Returns the number of the entry.
    fn book(&self, payment: u64) -> impl Future<Output = u64> + Send;
    fn report_late(&self, payment: u64) -> impl Future<Output = ()> + Send;
}

pub async fn settle<L: Ledger>(ledger: Arc<L>, payment: u64, patience: Duration) -> u64 {
    let mut booking = pin!(ledger.book(payment));
    select! {
        entry = &mut booking => entry,
        () = sleep(patience) => {
            // From the patience on, both are polled. Either may be the one that the ledger is handed to.
            let (entry, ()) = join!(booking, ledger.report_late(payment));
            entry
        }
    }
}

struct Book {
    entries: Mutex<Vec<String>>,
}

impl Book {
    async fn write(&self, entry: String) -> u64 {
        let mut entries = self.entries.lock().await;
        sleep(Duration::from_millis(100)).await;
        println!("  {entry}");
        entries.push(entry);
        entries.len() as u64
    }
}

impl Ledger for Book {
    async fn book(&self, payment: u64) -> u64 {
        self.write(format!("payment {payment}")).await
    }

    async fn report_late(&self, payment: u64) {
        self.write(format!("payment {payment} is late")).await;
    }
}

#[tokio::main]
async fn main() {
    let book = Arc::new(Book { entries: Mutex::new(Vec::new()) });
    let patience = Duration::from_millis(500);
    println!("entry {}", settle(book.clone(), 71, patience).await);

    tokio::spawn({
        let book = book.clone();
        async move {
            let _entries = book.entries.lock().await;
            println!("  the backup begins");
            sleep(Duration::from_secs(1)).await;
            println!("  the backup is done");
        }
    });
    sleep(Duration::from_millis(100)).await;
    match timeout(Duration::from_secs(4), settle(book.clone(), 72, patience)).await {
        Ok(entry) => println!("entry {entry}"),
        Err(_) => println!("no entry after 4 s"),
    }
}
