//! fails: the_budget_ends_it
//! says: it wakes up again and again to check

use std::pin::pin;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

/// Tests bring their own.
pub trait Replica {
    /// The price in cents.
    fn price(&self) -> impl Future<Output = Option<u64>>;
}

/// Both times are longer than a millisecond.
pub async fn quote(replicas: &[impl Replica], per_replica: Duration, budget: Duration) -> Option<u64> {
    let start = Instant::now();
    for replica in replicas {
        let asked = Instant::now();
        let mut price = pin!(replica.price());
        while asked.elapsed() < per_replica && start.elapsed() < budget {
            match timeout(Duration::from_millis(10), &mut price).await {
                Ok(Some(cents)) => return Some(cents),
                Ok(None) => break,
                Err(_) => {}
            }
        }
    }
    None
}

/// Answers after that many milliseconds.
struct Slow(u64);

impl Replica for Slow {
    async fn price(&self) -> Option<u64> {
        sleep(Duration::from_millis(self.0)).await;
        Some(1990)
    }
}

#[tokio::main]
async fn main() {
    let start = Instant::now();
    let replicas = [Slow(3000), Slow(9000), Slow(2500)];
    let price = quote(&replicas, Duration::from_secs(2), Duration::from_secs(5)).await;
    println!("{price:?} after {} ms", start.elapsed().as_millis());
}
