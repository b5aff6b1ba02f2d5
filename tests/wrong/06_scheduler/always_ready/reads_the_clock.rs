//! fails: the_limit_ends_it
//! says: no other task ran; then the loop ended by itself

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

/// A cache in memory: every answer is ready at once, and nothing of Tokio is in it. Tests bring their own.
pub trait Cache {
    fn get(&self, key: u64) -> impl Future<Output = Option<u64>>;
}

/// Looks up one key after another until `limit` is over. Returns how many lookups were answered.
pub async fn benchmark(cache: &impl Cache, limit: Duration) -> u64 {
    let mut answered = 0;
    let start = Instant::now();
    while start.elapsed() < limit {
        cache.get(answered).await;
        answered += 1;
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
