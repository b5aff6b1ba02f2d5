//! fails: each_rings_at_its_own_time
//! says: The last reminder rang after

use std::time::{Duration, Instant};

/// Rings reminder `n` after `delays[n]`, for all of them; returns when the last one has rung. (`ring` does not panic.)
pub async fn remind(delays: Vec<Duration>, ring: impl Fn(usize) + Clone + Send + 'static) {
    let all = delays.iter().copied().max().unwrap_or_default() + Duration::from_millis(5);
    for (n, delay) in delays.into_iter().enumerate() {
        let ring = ring.clone();
        tokio::spawn(async move {
            tokio::time::sleep(delay).await;
            ring(n);
        });
    }
    tokio::time::sleep(all).await;
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let start = Instant::now();
    let ring = move |n| println!("reminder {n} rings after {} ms", start.elapsed().as_millis());
    remind(vec![Duration::from_millis(500); 3], ring).await;
}
