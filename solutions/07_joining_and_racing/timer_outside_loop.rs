//! A search with a budget: one timer for all of its offers.
//!
//! Why the budget never ended: each turn of the loop evaluates the expressions of its branches, so each turn called
//! `sleep(budget)`, and that timer was dropped when an offer won. What was left in the end was a limit for silence
//! between two offers. Now the timer is made before the loop, and a branch only borrows it: when an offer wins, the
//! reference is dropped and the timer runs on.
//!
//! `&mut` of a future is a future itself only if that future will not move any more, which is what `pin!` promises.
//! `sleep_until(end)` with an `end` computed once may stay in the branch: each turn makes a new timer, for the same
//! `Instant`. So does `timeout_at(end, offers.recv())`. `timeout(budget, …)` around a whole loop works, too, if the
//! offers are kept outside of the future that it drops when the time is up.

use std::pin::pin;
use std::time::{Duration, Instant};

use tokio::select;
use tokio::sync::mpsc::{Receiver, channel};
use tokio::time::sleep;

/// Offers are in cents.
pub async fn collect(mut offers: Receiver<u64>, budget: Duration) -> Vec<u64> {
    let mut collected = Vec::new();
    // Made once, so there is one point in time at which the search ends.
    let mut over = pin!(sleep(budget));
    loop {
        select! {
            offer = offers.recv() => match offer {
                Some(cents) => collected.push(cents),
                None => return collected,
            },
            () = &mut over => return collected,
        }
    }
}

#[tokio::main]
async fn main() {
    let (shops, offers) = channel(8);
    tokio::spawn(async move {
        for cents in [1990, 1750, 2400, 1690, 1820, 2050, 1699, 1910, 1800, 1725] {
            sleep(Duration::from_millis(200)).await;
            if shops.send(cents).await.is_err() {
                break;
            }
        }
    });
    let start = Instant::now();
    let collected = collect(offers, Duration::from_millis(500)).await;
    println!("{} offers after {} ms: {collected:?}", collected.len(), start.elapsed().as_millis());
}
