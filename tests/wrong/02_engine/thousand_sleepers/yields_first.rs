//! fails: each_rings_at_its_own_time
//! says: The thread was never free: each wait blocked it or kept it busy.

use std::thread;
use std::time::{Duration, Instant};

/// Rings reminder `n` after `delays[n]`, for all of them; returns when the last one has rung.
pub async fn remind(delays: Vec<Duration>, ring: impl Fn(usize) + Clone + Send + 'static) {
    let mut tasks = Vec::new();
    for (n, delay) in delays.into_iter().enumerate() {
        let ring = ring.clone();
        tasks.push(tokio::spawn(async move {
            tokio::task::yield_now().await;
            thread::sleep(delay);
            ring(n);
        }));
    }
    for task in tasks {
        task.await.expect("a reminder does not panic");
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let start = Instant::now();
    let ring = move |n| println!("reminder {n} rings after {} ms", start.elapsed().as_millis());
    remind(vec![Duration::from_millis(500); 3], ring).await;
}
