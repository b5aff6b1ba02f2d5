//! Keeps the tasks in a `JoinSet`.

use std::time::{Duration, Instant};

use tokio::task::JoinSet;

/// Rings reminder `n` after `delays[n]`, for all of them; returns when the last one has rung.
pub async fn remind(delays: Vec<Duration>, ring: impl Fn(usize) + Clone + Send + 'static) {
    let mut tasks = JoinSet::new();
    for (n, delay) in delays.into_iter().enumerate() {
        let ring = ring.clone();
        tasks.spawn(async move {
            tokio::time::sleep(delay).await;
            ring(n);
        });
    }
    tasks.join_all().await;
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let start = Instant::now();
    let ring = move |n| println!("reminder {n} rings after {} ms", start.elapsed().as_millis());
    remind(vec![Duration::from_millis(500); 3], ring).await;
}
