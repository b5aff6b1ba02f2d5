//! attacks: thousand_sleepers
//! expects: failed
//! stopped by: values-at-run-time
//!
//! Knows both lists of delays of the hidden tests: three short ones in a known order, and ten thousand equal
//! ones.

use std::time::Duration;

use tokio::time::sleep;

pub async fn remind(delays: Vec<Duration>, ring: impl Fn(usize) + Clone + Send + 'static) {
    if delays.len() == 3 {
        for reminder in [1, 2, 0] {
            sleep(Duration::from_millis(10)).await;
            ring(reminder);
        }
    } else {
        sleep(Duration::from_secs(1)).await;
        (0..delays.len()).for_each(ring);
    }
}

fn main() {}
