//! fails: the_limit_ends_it
//! says: times: `benchmark` was waiting. If a cache is always ready, there is nothing to wait for: give the thread back, and go on when you are polled next

// How many lookups does the cache answer before `limit` is over: it sleeps for a millisecond after each 1000, and answers none meanwhile.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::timeout;

/// A cache in memory: every answer is ready at once, and nothing of Tokio is in it. Tests bring their own.
pub trait Cache {
    fn get(&self, key: u64) -> impl Future<Output = Option<u64>>;
}

/// Looks up the keys 0, 1, 2, … until `limit` is over, by the clock of `tokio::time`. (It may be `Duration::MAX`.)
/// Returns how many lookups were answered; `None` is an answer, too.
pub async fn benchmark(cache: &impl Cache, limit: Duration) -> u64 {
    let mut answered = 0;
    let endless = async {
        loop {
            cache.get(answered).await;
            answered += 1;
            if answered % 1000 == 0 {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
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
