//! fails: few_and_none
//! says: `remind` had no reminder to ring, and panicked: mpsc bounded channel requires buffer > 0

use std::time::{Duration, Instant};

use tokio::sync::mpsc;
use tokio::time::sleep;

/// Rings reminder `n` after `delays[n]`, for all of them; returns when the last one has rung. (`ring` does not panic.)
pub async fn remind(delays: Vec<Duration>, ring: impl Fn(usize) + Clone + Send + 'static) {
    let (rung, mut rings) = mpsc::channel(delays.len());
    let number = delays.len();
    for (n, delay) in delays.into_iter().enumerate() {
        let (ring, rung) = (ring.clone(), rung.clone());
        tokio::spawn(async move {
            sleep(delay).await;
            ring(n);
            let _ = rung.send(()).await;
        });
    }
    for _ in 0..number {
        rings.recv().await;
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let start = Instant::now();
    let ring = move |n| println!("reminder {n} rings after {} ms", start.elapsed().as_millis());
    remind(vec![Duration::from_millis(500); 3], ring).await;
}
