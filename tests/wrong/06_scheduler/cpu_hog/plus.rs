//! fails: the_sum_is_right
//! says: It should wrap around.
//!
//! The sum overflows.

use std::time::{Duration, Instant};

use tokio::task::yield_now;
use tokio::time::sleep;

/// Adds up the digests of all chunks, each digested once. The sum wraps around. Panics when `digest` does.
pub async fn checksum(chunks: Vec<Vec<u8>>, digest: impl Fn(&[u8]) -> u64 + Send + 'static) -> u64 {
    let mut sum = 0u64;
    for some in chunks.chunks(64) {
        sum += some.iter().map(|chunk| digest(chunk)).fold(0, u64::wrapping_add);
        yield_now().await;
    }
    sum
}

/// Slow on purpose.
fn digest(chunk: &[u8]) -> u64 {
    chunk.iter().fold(5381, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(33))
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let start = Instant::now();
    tokio::spawn(async move {
        loop {
            println!("heartbeat after {:3} ms", start.elapsed().as_millis());
            sleep(Duration::from_millis(20)).await;
        }
    });
    let chunks = vec![vec![7; 4096]; 10_000];
    let sum = checksum(chunks, digest).await;
    println!("checksum {sum:x} after {} ms", start.elapsed().as_millis());
}
