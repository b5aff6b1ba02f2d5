//! fails: the_limit_ends_it
//! says: It should look up keys until the limit is over.

use std::collections::HashMap;
use std::time::Duration;

use tokio::task::consume_budget;
use tokio::time::timeout;

/// A cache in memory: every answer is ready at once, and nothing of Tokio is in it. Tests bring their own.
pub trait Cache {
    fn get(&self, key: u64) -> impl Future<Output = Option<u64>>;
}

/// Looks up one key after another until `limit` is over. Returns how many lookups were answered.
pub async fn benchmark(cache: &impl Cache, limit: Duration) -> u64 {
    let mut answered = 0;
    let endless = async {
        loop {
            cache.get(answered).await;
            answered += 1;
            // Ready 128 times, then `Pending` once: `timeout` looks at its timer, and other tasks have a turn.
            consume_budget().await;
        }
    };
    let _: Result<(), _> = timeout(limit / 2, endless).await;
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
