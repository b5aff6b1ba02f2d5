//! fails: the_budget_is_for_the_whole_search
//! says: As long as there is time and the channel is open, it goes on
//!
//! The budget of `main`.

use std::time::{Duration, Instant};

use tokio::select;
use tokio::sync::mpsc::{Receiver, channel};
use tokio::time::{sleep, sleep_until};

/// Offers are in cents.
pub async fn collect(mut offers: Receiver<u64>, budget: Duration) -> Vec<u64> {
    let mut collected = Vec::new();
    let over = tokio::time::Instant::now() + Duration::from_millis(500).min(budget);
    loop {
        select! {
            offer = offers.recv() => match offer {
                Some(cents) => collected.push(cents),
                None => return collected,
            },
            () = sleep_until(over) => return collected,
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
