//! `quote` asks the replicas of a price service one after another, each for `per_replica` at most, and all together for
//! `budget`.
//!
//! Why customers waited for six seconds: the budget was a number that the loop compared with the clock between two replicas.
//! While a replica was being asked, nobody looked. A limit for everything has to be a timer that is polled together with
//! whatever is under way, and it has to be made once: a timer inside the loop is a limit for one round.
//!
//! Timeouts can be nested, and the earlier deadline comes first. When the outer one is over, it drops the loop with the
//! request that is under way. The other good design has no nesting: `let deadline = Instant::now() + budget;`, and in each
//! round `timeout_at(deadline.min(Instant::now() + per_replica), …)`. Take that one if the loop has something to finish
//! before it returns, for it is not dropped in the middle.

use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

/// Tests bring their own.
pub trait Replica {
    /// The price in cents.
    fn price(&self) -> impl Future<Output = Option<u64>>;
}

/// Both times are longer than a millisecond.
pub async fn quote(replicas: &[impl Replica], per_replica: Duration, budget: Duration) -> Option<u64> {
    let attempts = async {
        for replica in replicas {
            // A deadline of its own for each replica.
            if let Ok(Some(cents)) = timeout(per_replica, replica.price()).await {
                return Some(cents);
            }
        }
        None
    };
    // One deadline for everything, watched in each poll of whatever is under way.
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
