//! fails: the_heartbeat_has_its_turns
//! says: tasks that were all ready at once

// "no other task is to wait for longer than 256 chunks take": all batches are spawned at once and lie in the queue together; on one thread a task that becomes ready meanwhile waits for all of them

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::task::JoinSet;
use tokio::time::sleep;

/// Adds up the digests of all chunks, each digested once. The sum wraps around. Panics when `digest` does.
pub async fn checksum(chunks: Vec<Vec<u8>>, digest: impl Fn(&[u8]) -> u64 + Send + 'static) -> u64 {
    let digest = Arc::new(Mutex::new(digest));
    let mut batches = JoinSet::new();
    for batch in chunks.chunks(256) {
        let batch = batch.to_vec();
        let digest = digest.clone();
        batches.spawn(async move {
            let digest = digest.lock().unwrap();
            batch.iter().fold(0u64, |sum, chunk| sum.wrapping_add(digest(chunk)))
        });
    }
    let mut sum = 0u64;
    while let Some(part) = batches.join_next().await {
        sum = sum.wrapping_add(part.unwrap());
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
