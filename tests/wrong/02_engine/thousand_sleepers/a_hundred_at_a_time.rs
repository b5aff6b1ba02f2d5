//! fails: ten_thousand_wait_on_one_thread
//! says: has a delay of 1 s and rang after 2 s, too late

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;

/// Rings reminder `n` after `delays[n]`, for all of them; returns when the last one has rung. (`ring` does not panic.)
pub async fn remind(delays: Vec<Duration>, ring: impl Fn(usize) + Clone + Send + 'static) {
    let places = Arc::new(Semaphore::new(100));
    let mut tasks = Vec::new();
    for (n, delay) in delays.into_iter().enumerate() {
        let (ring, places) = (ring.clone(), places.clone());
        tasks.push(tokio::spawn(async move {
            let _place = places.acquire().await.expect("it is never closed");
            tokio::time::sleep(delay).await;
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
