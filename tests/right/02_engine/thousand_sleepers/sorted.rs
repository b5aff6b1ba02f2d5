//! No tasks: sorted by delay, one sleep up to each, reckoned from the start.

use std::time::{Duration, Instant};

use tokio::time::sleep;

/// Rings reminder `n` after `delays[n]`, for all of them; returns when the last one has rung. (`ring` does not panic.)
pub async fn remind(delays: Vec<Duration>, ring: impl Fn(usize) + Clone + Send + 'static) {
    let start = tokio::time::Instant::now();
    let mut order: Vec<(Duration, usize)> =
        delays.into_iter().enumerate().map(|(n, delay)| (delay, n)).collect();
    order.sort();
    for (delay, n) in order {
        let rest = delay.saturating_sub(start.elapsed());
        if !rest.is_zero() {
            sleep(rest).await;
        }
        ring(n);
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let start = Instant::now();
    let ring = move |n| println!("reminder {n} rings after {} ms", start.elapsed().as_millis());
    remind(vec![Duration::from_millis(500); 3], ring).await;
}
