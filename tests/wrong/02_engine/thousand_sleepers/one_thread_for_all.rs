//! fails: each_rings_at_its_own_time
//! says: A parked future needs none

use std::thread;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

/// Rings reminder `n` after `delays[n]`, for all of them; returns when the last one has rung. (`ring` does not panic.)
pub async fn remind(delays: Vec<Duration>, ring: impl Fn(usize) + Clone + Send + 'static) {
    let (tell, told) = oneshot::channel();
    thread::spawn(move || {
        let start = Instant::now();
        let mut due: Vec<_> = delays.into_iter().enumerate().collect();
        due.sort_by_key(|(_, delay)| *delay);
        for (n, delay) in due {
            thread::sleep(delay.saturating_sub(start.elapsed()));
            ring(n);
        }
        let _ = tell.send(());
    });
    told.await.expect("the thread does not panic");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let start = Instant::now();
    let ring = move |n| println!("reminder {n} rings after {} ms", start.elapsed().as_millis());
    remind(vec![Duration::from_millis(500); 3], ring).await;
}
