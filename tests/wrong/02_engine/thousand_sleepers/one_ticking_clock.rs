//! fails: nobody_watches_the_clock
//! says: mostly to check the clock

use std::time::{Duration, Instant};

/// Rings reminder `n` after `delays[n]`, for all of them; returns when the last one has rung. (`ring` does not panic.)
pub async fn remind(delays: Vec<Duration>, ring: impl Fn(usize) + Clone + Send + 'static) {
    let start = tokio::time::Instant::now();
    let mut waiting: Vec<_> = delays.into_iter().enumerate().collect();
    let mut tick = tokio::time::interval(Duration::from_millis(1));
    while !waiting.is_empty() {
        tick.tick().await;
        waiting.retain(|(n, delay)| {
            let due = start.elapsed() >= *delay;
            if due {
                ring(*n);
            }
            !due
        });
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let start = Instant::now();
    let ring = move |n| println!("reminder {n} rings after {} ms", start.elapsed().as_millis());
    remind(vec![Duration::from_millis(500); 3], ring).await;
}
