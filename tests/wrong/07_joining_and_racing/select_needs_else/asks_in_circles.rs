//! fails: the_journal_ends_with_both_tills
//! says: It asks again and again

use std::time::Duration;

use tokio::sync::mpsc::{Receiver, channel, error::TryRecvError};
use tokio::time::sleep;

/// Amounts are in cents.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Entry {
    Sale(u64),
    Refund(u64),
}

pub async fn keep_journal(mut sales: Receiver<u64>, mut refunds: Receiver<u64>, mut book: impl FnMut(Entry)) {
    let (mut selling, mut refunding) = (true, true);
    while selling || refunding {
        match sales.try_recv() {
            Ok(cents) => book(Entry::Sale(cents)),
            Err(TryRecvError::Disconnected) => selling = false,
            Err(TryRecvError::Empty) => {}
        }
        match refunds.try_recv() {
            Ok(cents) => book(Entry::Refund(cents)),
            Err(TryRecvError::Disconnected) => refunding = false,
            Err(TryRecvError::Empty) => {}
        }
        sleep(Duration::from_millis(1)).await;
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
