//! fails: the_longest_limit
//! says: The limit was `Duration::MAX`, but `benchmark` was done after

// Looks up until `limit` is over, which may be `Duration::MAX`; here that is an hour.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

/// A cache in memory: every answer is ready at once, and nothing of Tokio is in it. Tests bring their own.
pub trait Cache {
    fn get(&self, key: u64) -> impl Future<Output = Option<u64>>;
}

/// Looks up the keys 0, 1, 2, … until `limit` is over, by the clock of `tokio::time`. (It may be `Duration::MAX`.)
/// Returns how many lookups were answered; `None` is an answer, too.
pub async fn benchmark(cache: &impl Cache, limit: Duration) -> u64 {
    let now = Instant::now();
    let end = now.checked_add(limit).unwrap_or(now + Duration::from_secs(3600));
    let mut answered = 0;
    let endless = async {
        loop {
            cache.get(answered).await;
            answered += 1;
            if answered % 1000 == 0 {
                tokio::task::yield_now().await;
            }
        }
    };
    let _: Result<(), _> = timeout_at(end, endless).await;
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
