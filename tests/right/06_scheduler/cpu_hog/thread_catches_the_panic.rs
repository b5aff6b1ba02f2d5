//! A std thread of its own, the outcome (a sum or a panic) comes back by a oneshot.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::thread;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;
use tokio::time::sleep;

/// Adds up the digests of all chunks, each digested once. The sum wraps around. Panics when `digest` does.
pub async fn checksum(chunks: Vec<Vec<u8>>, digest: impl Fn(&[u8]) -> u64 + Send + 'static) -> u64 {
    let (tx, rx) = oneshot::channel();
    thread::spawn(move || {
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            let mut sum = 0u64;
            let mut i = 0;
            while i < chunks.len() {
                sum = sum.wrapping_add(digest(&chunks[i]));
                i += 1;
            }
            sum
        }));
        let _ = tx.send(outcome);
    });
    match rx.await.expect("the thread always sends") {
        Ok(sum) => sum,
        Err(payload) => resume_unwind(payload),
    }
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
