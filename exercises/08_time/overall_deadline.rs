//! `quote` asks the replicas of a price service for a price, one after another, until one of them knows it. A replica
//! that does not know the price says so (`None`), and the next one is asked at once. A replica that has not answered
//! after `per_replica` is given up, and the next one is asked.
//!
//! A customer waits for `quote`, and for `budget` at most: when that much time has passed since the call, `quote` returns
//! `None`, whatever it is doing just then. Until that moment it goes on trying. It returns a price as soon as there is
//! one, and `None` as soon as no replica is left.
//!
//! Last night all replicas were slow. Customers who should have waited for five seconds waited for six.

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
        if start.elapsed() >= budget {
            break;
        }
        if let Ok(Some(cents)) = timeout(per_replica, replica.price()).await {
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
