//! fails: close_together
//! says: s. Each was later than the one before

// sleeps from one reminder to the next: each sleep is rounded up to a whole millisecond and starts late, and the error adds up (ten thousand, 0.1 ms apart, end after ten seconds instead of one)

use std::time::{Duration, Instant};

use tokio::time::sleep;

/// Rings reminder `n` after `delays[n]`, for all of them; returns when the last one has rung. (`ring` does not panic.)
pub async fn remind(delays: Vec<Duration>, ring: impl Fn(usize) + Clone + Send + 'static) {
    let mut order: Vec<(Duration, usize)> =
        delays.into_iter().enumerate().map(|(n, delay)| (delay, n)).collect();
    order.sort();
    let mut before = Duration::ZERO;
    for (delay, n) in order {
        if delay > before {
            sleep(delay - before).await;
        }
        ring(n);
        before = delay;
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let start = Instant::now();
    let ring = move |n| println!("reminder {n} rings after {} ms", start.elapsed().as_millis());
    remind(vec![Duration::from_millis(500); 3], ring).await;
}
