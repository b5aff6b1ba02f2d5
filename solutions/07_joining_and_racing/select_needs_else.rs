//! A shop's journal, which ends when both of its tills have closed.
//!
//! Why it panicked: a closed channel gives `None`, which does not match `Some(cents)`. Then `select!` drops the value
//! and disables that branch until this `select!` is over. With one till closed that is what we want: the other branch
//! waits on, and a branch that is disabled costs no more than one poll a turn. With both closed, no branch is left,
//! and `select!` runs `else`, or panics if there is none.
//!
//! `None => return` in either branch would be too early: the other till may still be open. Ignoring the `None` (with
//! `cents = sales.recv()` and an `if let` in the handler) would spin: a closed channel answers at once, in every
//! turn. With two loops, one per till, side by side in a `join!`, there is nothing to disable: each ends at its own
//! `None`. Take `select!` when the handlers share something that they change, as `book` here.

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
            // Reached only when both patterns have failed in this turn: both channels are closed and empty.
            else => return,
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
