//! fails: checksum_sleeps_meanwhile
//! says: times to check while another thread digested
//!
//! It asks the handle every millisecond.

use std::time::{Duration, Instant};

use tokio::task::spawn_blocking;
use tokio::time::sleep;

/// Adds up the digests of all chunks, each digested once. The sum wraps around. Panics when `digest` does.
pub async fn checksum(chunks: Vec<Vec<u8>>, digest: impl Fn(&[u8]) -> u64 + Send + 'static) -> u64 {
    let summing =
        spawn_blocking(move || chunks.iter().fold(0u64, |sum, chunk| sum.wrapping_add(digest(chunk))));
    while !summing.is_finished() {
        sleep(Duration::from_millis(1)).await;
    }
    summing.await.expect("`digest` does not panic")
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
