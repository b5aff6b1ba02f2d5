//! fails: the_sum_is_right
//! says: number 1 was digested 2 times

// "each digested once": the first chunk is digested to measure the time, and once more in the loop

use std::time::{Duration, Instant};

use tokio::task::yield_now;
use tokio::time::sleep;

/// Adds up the digests of all chunks, each digested once. The sum wraps around. Panics when `digest` does.
pub async fn checksum(chunks: Vec<Vec<u8>>, digest: impl Fn(&[u8]) -> u64 + Send + 'static) -> u64 {
    let Some(first) = chunks.first() else {
        return 0;
    };
    // How long does one take? About 100 microseconds at a time are fine, but never more than 256 chunks.
    let start = Instant::now();
    digest(first);
    let nanos = start.elapsed().as_nanos().max(1);
    let at_once = (100_000 / nanos).clamp(1, 256) as usize;

    let mut sum = 0u64;
    for batch in chunks.chunks(at_once) {
        for chunk in batch {
            sum = sum.wrapping_add(digest(chunk));
        }
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
