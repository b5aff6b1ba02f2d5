//! A benchmark: how many lookups does a cache answer before `limit` is over? Other tasks share the thread: none that is
//! ready should have to wait for more than 1000 lookups. The timer needs the thread, too.
//!
//! `cargo run` has a limit of 100 ms. But it never ends, and keeps a core busy. (Stop it with Ctrl-C.)

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::timeout;

/// A cache in memory: every answer is ready at once, and no part of it is from Tokio. Tests bring their own.
pub trait Cache {
    fn get(&self, key: u64) -> impl Future<Output = Option<u64>>;
}

/// Looks up the keys 0, 1, 2, … without a pause until `limit` is over, by the clock of `tokio::time`. (It may be
/// `Duration::MAX`.) Returns how many lookups were answered; `None` is an answer, too.
pub async fn benchmark(cache: &impl Cache, limit: Duration) -> u64 {
    let mut answered = 0;
    let endless = async {
        loop {
            cache.get(answered).await;
            answered += 1;
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
