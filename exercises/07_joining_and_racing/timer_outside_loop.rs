//! A price comparison asks many shops at once. `collect` gathers their offers and returns
//! them in the order in which they arrived. It ends when every shop has answered: then the
//! channel is closed, and nothing is left in it. At the latest, it ends when `budget` is over,
//! counted from the call. Then it returns what it has; the rest is too late.
//!
//! `cargo run` has a budget of 500 ms, and the search takes two seconds.

use std::time::{Duration, Instant};

use tokio::select;
use tokio::sync::mpsc::{Receiver, channel};
use tokio::time::sleep;

/// Offers are in cents.
pub async fn collect(mut offers: Receiver<u64>, budget: Duration) -> Vec<u64> {
    let mut collected = Vec::new();
    loop {
        select! {
            offer = offers.recv() => match offer {
                Some(cents) => collected.push(cents),
                None => return collected,
            },
            () = sleep(budget) => return collected,
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
