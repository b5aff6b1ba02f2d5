//! fails: nobody_watches_the_clock
//! says: mostly to check the clock

use std::time::{Duration, Instant};

/// Rings reminder `n` after `delays[n]`, for all of them; returns when the last one has rung. (`ring` does not panic.)
pub async fn remind(delays: Vec<Duration>, ring: impl Fn(usize) + Clone + Send + 'static) {
    let start = tokio::time::Instant::now();
    let mut tasks = Vec::new();
    for (n, delay) in delays.into_iter().enumerate() {
        let ring = ring.clone();
        tasks.push(tokio::spawn(async move {
            while start.elapsed() < delay {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
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
