//! No task for each: one sorted list of deadlines, which a single task works through.

use std::time::{Duration, Instant};

/// Rings reminder `n` after `delays[n]`, for all of them; returns when the last one has rung.
pub async fn remind(delays: Vec<Duration>, ring: impl Fn(usize) + Clone + Send + 'static) {
    let start = tokio::time::Instant::now();
    let mut due: Vec<_> = delays.into_iter().enumerate().collect();
    due.sort_by_key(|(_, delay)| *delay);
    for (n, delay) in due {
        tokio::time::sleep_until(start + delay).await;
        ring(n);
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let start = Instant::now();
    let ring = move |n| println!("reminder {n} rings after {} ms", start.elapsed().as_millis());
    remind(vec![Duration::from_millis(500); 3], ring).await;
}
