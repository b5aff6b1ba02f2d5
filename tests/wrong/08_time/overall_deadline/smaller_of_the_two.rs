//! fails: the_budget_ends_it
//! says: Nothing ended it

use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

/// Tests bring their own.
pub trait Replica {
    /// The price in cents.
    fn price(&self) -> impl Future<Output = Option<u64>>;
}

/// Both times are longer than a millisecond.
pub async fn quote(replicas: &[impl Replica], per_replica: Duration, budget: Duration) -> Option<u64> {
    for replica in replicas {
        if let Ok(Some(cents)) = timeout(per_replica.min(budget), replica.price()).await {
            return Some(cents);
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
