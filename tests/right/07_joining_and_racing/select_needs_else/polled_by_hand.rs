use std::future::poll_fn;
use std::task::Poll;
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
    let (mut selling, mut refunding) = (true, true);
    poll_fn(|cx| {
        loop {
            // One of each in turn, so neither till waits for the other.
            let mut idle = true;
            if selling && let Poll::Ready(cents) = sales.poll_recv(cx) {
                match cents {
                    Some(cents) => book(Entry::Sale(cents)),
                    None => selling = false,
                }
                idle = false;
            }
            if refunding && let Poll::Ready(cents) = refunds.poll_recv(cx) {
                match cents {
                    Some(cents) => book(Entry::Refund(cents)),
                    None => refunding = false,
                }
                idle = false;
            }
            if !selling && !refunding {
                return Poll::Ready(());
            }
            if idle {
                return Poll::Pending;
            }
        }
    })
    .await;
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
