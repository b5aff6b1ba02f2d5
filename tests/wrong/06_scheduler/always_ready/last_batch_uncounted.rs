//! fails: every_lookup_counts
//! says: were not counted. The limit may end the loop after any lookup

// "returns how many lookups were answered": counts whole batches of 1000, and the timeout ends a batch half-way, at a spent budget: its lookups are missing

use std::collections::HashMap;
use std::time::Duration;

use tokio::task::coop::consume_budget;
use tokio::time::timeout;

/// A cache in memory: every answer is ready at once, and nothing of Tokio is in it. Tests bring their own.
pub trait Cache {
    fn get(&self, key: u64) -> impl Future<Output = Option<u64>>;
}

/// Looks up the keys 0, 1, 2, … until `limit` is over, by the clock of `tokio::time`. Returns how many lookups were
/// answered; `None` is an answer, too.
pub async fn benchmark(cache: &impl Cache, limit: Duration) -> u64 {
    const BATCH: u64 = 1000;
    let mut answered = 0;
    let endless = async {
        loop {
            for key in answered..answered + BATCH {
                cache.get(key).await;
                consume_budget().await;
            }
            answered += BATCH;
        }
    };
    let _: Result<(), _> = timeout(limit, endless).await;
    answered
}

impl Cache for HashMap<u64, u64> {
    async fn get(&self, key: u64) -> Option<u64> {
        HashMap::get(self, &(key % 1000)).copied()
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let squares: HashMap<u64, u64> = (0..1000).map(|n| (n, n * n)).collect();
    println!("100 ms from now …");
    println!("… {} lookups were answered", benchmark(&squares, Duration::from_millis(100)).await);
}
