//! fails: the_journal_ends_with_both_tills
//! says: and `keep_journal` goes on and on
//!
//! Takes `else` for "nothing is there yet".

use std::time::Duration;

use tokio::select;
use tokio::sync::mpsc::{Receiver, channel};
use tokio::time::sleep;

/// Amounts are in cents.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Entry {
    Sale(u64),
    Refund(u64),
}

pub async fn keep_journal(mut sales: Receiver<u64>, mut refunds: Receiver<u64>, mut book: impl FnMut(Entry)) {
    loop {
        select! {
            Some(cents) = sales.recv() => book(Entry::Sale(cents)),
            Some(cents) = refunds.recv() => book(Entry::Refund(cents)),
            else => sleep(Duration::from_millis(10)).await,
        }
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
