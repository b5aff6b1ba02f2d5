//! fails: waiting_costs_nothing
//! says: it wakes up again and again to check
//!
//! Polls booking and report by turns, every 10 ms.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::{sleep, timeout};

/// Its calls do not panic. Tests bring their own.
pub trait Ledger: Send + Sync + 'static {
    /// Returns the number of the entry.
    fn book(&self, payment: u64) -> impl Future<Output = u64> + Send;
    fn report_late(&self, payment: u64) -> impl Future<Output = ()> + Send;
}

pub async fn settle<L: Ledger>(ledger: Arc<L>, payment: u64, patience: Duration) -> u64 {
    let mut booking = pin!(ledger.book(payment));
    if let Ok(entry) = timeout(patience, &mut booking).await {
        return entry;
    }
    let mut report = pin!(ledger.report_late(payment));
    let turn = Duration::from_millis(10);
    loop {
        if let Ok(entry) = timeout(turn, &mut booking).await {
            report.await;
            return entry;
        }
        if timeout(turn, &mut report).await.is_ok() {
            return booking.await;
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
