//! fails: each_rings_at_its_own_time
//! says: `remind` returned when

// waits only for the last reminder of the list, which need not be the last to ring: returns while others are still to ring

use std::time::{Duration, Instant};

use tokio::time::sleep;

/// Rings reminder `n` after `delays[n]`, for all of them; returns when the last one has rung. (`ring` does not panic.)
pub async fn remind(delays: Vec<Duration>, ring: impl Fn(usize) + Clone + Send + 'static) {
    let mut last = None;
    for (n, delay) in delays.into_iter().enumerate() {
        let ring = ring.clone();
        last = Some(tokio::spawn(async move {
            sleep(delay).await;
            ring(n);
        }));
    }
    // returns when the last one has rung
    if let Some(last) = last {
        last.await.expect("a reminder does not panic");
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let start = Instant::now();
    let ring = move |n| println!("reminder {n} rings after {} ms", start.elapsed().as_millis());
    remind(vec![Duration::from_millis(500); 3], ring).await;
}
