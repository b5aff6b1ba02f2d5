use std::time::Duration;

use tokio::sync::mpsc::{Receiver, channel};
use tokio::time::sleep;

/// Amounts are in cents.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Entry {
    Sale(u64),
    Refund(u64),
}

pub async fn keep_journal(mut sales: Receiver<u64>, mut refunds: Receiver<u64>, mut book: impl FnMut(Entry)) {
    let (send, mut entries) = channel(16);
    let sell = send.clone();
    tokio::spawn(async move {
        while let Some(cents) = sales.recv().await {
            if sell.send(Entry::Sale(cents)).await.is_err() {
                return;
            }
        }
    });
    tokio::spawn(async move {
        while let Some(cents) = refunds.recv().await {
            if send.send(Entry::Refund(cents)).await.is_err() {
                return;
            }
        }
    });
    // Both tasks own a sender, and this function owns none: the channel ends with the second task.
    while let Some(entry) = entries.recv().await {
        book(entry);
    }
}

#[tokio::main]
async fn main() {
    let (sell, sales) = channel(8);
    let (refund, refunds) = channel(8);
    tokio::spawn(async move {
        for cents in [450, 1200, 80, 310] {
            sell.send(cents).await.expect("the journal is open");
            sleep(Duration::from_millis(100)).await;
        }
    });
    tokio::spawn(async move {
        sleep(Duration::from_millis(150)).await;
        refund.send(1200).await.expect("the journal is open");
    });
    keep_journal(sales, refunds, |entry| println!("  {entry:?}")).await;
    println!("the day is booked");
}
