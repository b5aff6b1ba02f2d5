//! A reminder waits for its delay, then rings. The server has ten thousand of them and one thread. Each rings at its
//! own time, and nothing has to check the clock until then.

use std::time::{Duration, Instant};

/// Rings reminder `n` after `delays[n]`, for all of them; returns when the last one has rung. (`ring` does not panic.)
pub async fn remind(delays: Vec<Duration>, ring: impl Fn(usize) + Clone + Send + 'static) {
    let mut tasks = Vec::new();
    for (n, delay) in delays.into_iter().enumerate() {
        let ring = ring.clone();
        tasks.push(tokio::spawn(async move {
            // `thread::sleep` puts the thread to sleep, and with it every task that needs it. This `sleep` leaves its
            // waker with the timer and gives the thread back. A parked task is a few hundred bytes in a table, so ten
            // thousand of them can wait side by side on one thread. With more threads (`spawn_blocking`), each wait
            // would cost a stack and a place in the system's scheduler.
            tokio::time::sleep(delay).await;
            ring(n);
        }));
    }
    // Every task has started by now, so awaiting them one by one takes no longer than the slowest.
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
