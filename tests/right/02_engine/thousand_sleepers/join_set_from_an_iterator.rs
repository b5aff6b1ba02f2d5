//! A JoinSet filled by an iterator.

use std::time::{Duration, Instant};

use tokio::task::JoinSet;
use tokio::time::sleep;

/// Rings reminder `n` after `delays[n]`, for all of them; returns when the last one has rung. (`ring` does not panic.)
pub async fn remind(delays: Vec<Duration>, ring: impl Fn(usize) + Clone + Send + 'static) {
    let mut reminders: JoinSet<()> = delays
        .into_iter()
        .enumerate()
        .map(|(n, delay)| {
            let ring = ring.clone();
            async move {
                sleep(delay).await;
                ring(n);
            }
        })
        .collect();
    while let Some(outcome) = reminders.join_next().await {
        outcome.expect("a reminder does not panic");
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let start = Instant::now();
    let ring = move |n| println!("reminder {n} rings after {} ms", start.elapsed().as_millis());
    remind(vec![Duration::from_millis(500); 3], ring).await;
}
