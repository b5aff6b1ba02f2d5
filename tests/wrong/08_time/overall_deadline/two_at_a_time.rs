//! fails: the_budget_ends_it
//! says: They are asked one after another

use std::time::Duration;

use tokio::join;
use tokio::time::{Instant, sleep, timeout};

/// Tests bring their own.
pub trait Replica {
    /// The price in cents.
    fn price(&self) -> impl Future<Output = Option<u64>>;
}

/// Both times are longer than a millisecond.
pub async fn quote(replicas: &[impl Replica], per_replica: Duration, budget: Duration) -> Option<u64> {
    let attempts = async {
        for pair in replicas.chunks(2) {
            let first = timeout(per_replica, pair[0].price());
            let answers = match pair.get(1) {
                Some(second) => join!(first, timeout(per_replica, second.price())),
                None => (first.await, Ok(None)),
            };
            if let (Ok(Some(cents)), _) | (_, Ok(Some(cents))) = answers {
                return Some(cents);
            }
        }
        None
    };
    timeout(budget, attempts).await.unwrap_or(None)
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
