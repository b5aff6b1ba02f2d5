//! fails: the_heartbeat_has_its_turns
//! says: it did not run from the first chunk to the last

// "no other task is to wait for longer than 256 chunks take": a backup of 257 to 999 chunks is digested in one poll

use std::time::{Duration, Instant};

use tokio::task::spawn_blocking;
use tokio::time::sleep;

/// Adds up the digests of all chunks, each digested once. The sum wraps around. Panics when `digest` does.
pub async fn checksum(chunks: Vec<Vec<u8>>, digest: impl Fn(&[u8]) -> u64 + Send + 'static) -> u64 {
    let count = chunks.len();
    let all = move || chunks.iter().map(|chunk| digest(chunk)).fold(0, u64::wrapping_add);
    // The blocking pool is not worth it for a small backup.
    if count < 1000 { all() } else { spawn_blocking(all).await.unwrap() }
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
