//! fails: each_rings_at_its_own_time
//! says: one at a time.

use std::time::{Duration, Instant};

/// Rings reminder `n` after `delays[n]`, for all of them; returns when the last one has rung.
pub async fn remind(delays: Vec<Duration>, ring: impl Fn(usize) + Clone + Send + 'static) {
    for (n, delay) in delays.into_iter().enumerate() {
        let ring = ring.clone();
        let task = tokio::spawn(async move {
            tokio::time::sleep(delay).await;
            ring(n);
        });
        task.await.expect("a reminder does not panic");
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let start = Instant::now();
    let ring = move |n| println!("reminder {n} rings after {} ms", start.elapsed().as_millis());
    remind(vec![Duration::from_millis(500); 3], ring).await;
}
