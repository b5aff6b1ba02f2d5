//! fails: each_rings_at_its_own_time
//! says: The bells rang at the right times, but with the wrong numbers: reminder

// after sorting, `n` is the place in the sorted list and not the index into `delays`: the wrong reminder rings

use std::time::{Duration, Instant};

use tokio::time::sleep;

/// Rings reminder `n` after `delays[n]`, for all of them; returns when the last one has rung. (`ring` does not panic.)
pub async fn remind(delays: Vec<Duration>, ring: impl Fn(usize) + Clone + Send + 'static) {
    let start = tokio::time::Instant::now();
    let mut delays = delays;
    delays.sort();
    for (n, delay) in delays.into_iter().enumerate() {
        sleep(delay.saturating_sub(start.elapsed())).await;
        ring(n);
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let start = Instant::now();
    let ring = move |n| println!("reminder {n} rings after {} ms", start.elapsed().as_millis());
    remind(vec![Duration::from_millis(500); 3], ring).await;
}
