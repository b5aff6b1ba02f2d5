//! fails: ten_thousand_wait_on_one_thread
//! says: too late; 1000 of 10000 were on time

// 1000 reminders at a time: those of the second batch begin to wait only when the longest of the first has rung, and ring late

use std::time::{Duration, Instant};

use tokio::task::JoinSet;
use tokio::time::sleep;

/// Rings reminder `n` after `delays[n]`, for all of them; returns when the last one has rung. (`ring` does not panic.)
pub async fn remind(delays: Vec<Duration>, ring: impl Fn(usize) + Clone + Send + 'static) {
    let all: Vec<(usize, Duration)> = delays.into_iter().enumerate().collect();
    // not all ten thousand at once
    for batch in all.chunks(1000) {
        let mut tasks = JoinSet::new();
        for &(n, delay) in batch {
            let ring = ring.clone();
            tasks.spawn(async move {
                sleep(delay).await;
                ring(n);
            });
        }
        while let Some(outcome) = tasks.join_next().await {
            outcome.expect("a reminder does not panic");
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let start = Instant::now();
    let ring = move |n| println!("reminder {n} rings after {} ms", start.elapsed().as_millis());
    remind(vec![Duration::from_millis(500); 3], ring).await;
}
