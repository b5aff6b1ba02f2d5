//! fails: each_benchmark_counts_its_own
//! says: lookups, but the cache has answered
//!
//! A counter for all benchmarks, set to 0 by each.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::task::yield_now;
use tokio::time::timeout;

/// A cache in memory: every answer is ready at once, and nothing of Tokio is in it. Tests bring their own.
pub trait Cache {
    fn get(&self, key: u64) -> impl Future<Output = Option<u64>>;
}

/// Looks up the keys 0, 1, 2, … until `limit` is over, by the clock of `tokio::time`. Returns how many lookups were
/// answered; `None` is an answer, too.
static ANSWERED: AtomicU64 = AtomicU64::new(0);

pub async fn benchmark(cache: &impl Cache, limit: Duration) -> u64 {
    ANSWERED.store(0, Ordering::SeqCst);
    let mut key = 0;
    let endless = async {
        loop {
            cache.get(key).await;
            key += 1;
            ANSWERED.fetch_add(1, Ordering::SeqCst);
            yield_now().await;
        }
    };
    let _: Result<(), _> = timeout(limit, endless).await;
    ANSWERED.load(Ordering::SeqCst)
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
