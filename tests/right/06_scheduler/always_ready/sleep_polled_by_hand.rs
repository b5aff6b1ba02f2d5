//! By hand: a pinned `Sleep` and a `poll_fn` after every 5 lookups; it wakes itself, and 61 turns (until the driver is polled) are 305 lookups, 127 (the global queue) are 635.

use std::collections::HashMap;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use tokio::time::sleep;

/// A cache in memory: every answer is ready at once, and nothing of Tokio is in it. Tests bring their own.
pub trait Cache {
    fn get(&self, key: u64) -> impl Future<Output = Option<u64>>;
}

/// Looks up the keys 0, 1, 2, … until `limit` is over, by the clock of `tokio::time`. Returns how many lookups were
/// answered; `None` is an answer, too.
pub async fn benchmark(cache: &impl Cache, limit: Duration) -> u64 {
    let mut over = pin!(sleep(limit));
    let mut answered = 0;
    loop {
        for _ in 0..5 {
            cache.get(answered).await;
            answered += 1;
        }
        let mut stepped_aside = false;
        let is_over = std::future::poll_fn(|cx| {
            if over.as_mut().poll(cx).is_ready() {
                return Poll::Ready(true);
            }
            if stepped_aside {
                return Poll::Ready(false);
            }
            stepped_aside = true;
            cx.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
        if is_over {
            return answered;
        }
    }
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
