//! fails: any_number_and_any_time
//! says: As long as there is time and the channel is open, it goes on

use std::pin::pin;
use std::time::{Duration, Instant};

use tokio::select;
use tokio::sync::mpsc::{Receiver, channel};
use tokio::time::sleep;

/// Offers are in cents.
pub async fn collect(mut offers: Receiver<u64>, budget: Duration) -> Vec<u64> {
    let mut collected = Vec::new();
    let mut over = pin!(sleep(budget.min(Duration::from_secs(24 * 3600))));
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
