//! A benchmark that counts lookups until a limit is over, and lets other tasks run in between.
//!
//! Why the timeout never fired: `timeout` is not an alarm that interrupts. Each time it is polled, it polls the future
//! inside and then checks its timer. `get` was always ready, so the poll of the loop never returned, and nothing
//! checked the timer. Nothing could have woken the task either: the thread that drives the timers was inside that poll.
//!
//! Tokio's own channels, sockets and timers have a brake for such loops. A task may use them 128 times in one poll;
//! after that they return `Pending`, even if they are ready. A future that does not use them spends nothing of this
//! budget. `consume_budget` spends one unit by hand. `coop::cooperative(cache.get(key))` does that around a future, and
//! `yield_now().await` gives the thread back every time. `unconstrained` is the opposite: it takes the brake off.

use std::collections::HashMap;
use std::time::Duration;

use tokio::task::consume_budget;
use tokio::time::timeout;

/// A cache in memory: every answer is ready at once, and no part of it is from Tokio. Tests bring their own.
pub trait Cache {
    fn get(&self, key: u64) -> impl Future<Output = Option<u64>>;
}

/// Looks up the keys 0, 1, 2, … until `limit` is over, by the clock of `tokio::time`. Returns how many lookups were
/// answered; `None` is an answer, too.
pub async fn benchmark(cache: &impl Cache, limit: Duration) -> u64 {
    let mut answered = 0;
    let endless = async {
        loop {
            cache.get(answered).await;
            answered += 1;
            // Ready 128 times, then `Pending` once: `timeout` checks its timer, and other tasks run.
            consume_budget().await;
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
