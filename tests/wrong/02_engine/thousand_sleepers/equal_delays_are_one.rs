//! fails: ten_thousand_wait_on_one_thread
//! says: one for each different delay

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// Rings reminder `n` after `delays[n]`, for all of them; returns when the last one has rung. (`ring` does not panic.)
pub async fn remind(delays: Vec<Duration>, ring: impl Fn(usize) + Clone + Send + 'static) {
    let start = tokio::time::Instant::now();
    let due: BTreeMap<Duration, usize> =
        delays.into_iter().enumerate().map(|(n, delay)| (delay, n)).collect();
    for (delay, n) in due {
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
