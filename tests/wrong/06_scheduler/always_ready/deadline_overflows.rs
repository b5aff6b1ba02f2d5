//! fails: the_longest_limit
//! says: There is no `Instant` that far away.

// "until `limit` is over": `Instant::now() + limit` panics for a very large limit (`Duration::MAX`), before a single lookup

use std::collections::HashMap;
use std::time::Duration;

use tokio::task::yield_now;
use tokio::time::Instant;

/// A cache in memory: every answer is ready at once, and nothing of Tokio is in it. Tests bring their own.
pub trait Cache {
    fn get(&self, key: u64) -> impl Future<Output = Option<u64>>;
}

/// Looks up the keys 0, 1, 2, … until `limit` is over, by the clock of `tokio::time`. Returns how many lookups were
/// answered; `None` is an answer, too.
pub async fn benchmark(cache: &impl Cache, limit: Duration) -> u64 {
    let deadline = Instant::now() + limit;
    let mut answered = 0;
    while Instant::now() < deadline {
        cache.get(answered).await;
        answered += 1;
        if answered.is_multiple_of(256) {
            yield_now().await;
        }
    }
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
