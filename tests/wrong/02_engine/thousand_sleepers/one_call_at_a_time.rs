//! fails: calls_do_not_wait_for_each_other
//! says: was not done before the first

use std::time::{Duration, Instant};

use tokio::sync::Semaphore;

/// So that the bells of two calls do not ring through each other.
static BELFRY: Semaphore = Semaphore::const_new(1);

/// Rings reminder `n` after `delays[n]`, for all of them; returns when the last one has rung. (`ring` does not panic.)
pub async fn remind(delays: Vec<Duration>, ring: impl Fn(usize) + Clone + Send + 'static) {
    let _belfry = BELFRY.acquire().await;
    let mut tasks = Vec::new();
    for (n, delay) in delays.into_iter().enumerate() {
        let ring = ring.clone();
        tasks.push(tokio::spawn(async move {
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
