//! The digests of all chunks, added up, with a yield after every 64th.
//!
//! Why the heartbeat starved: the runtime gets its thread back only when a poll returns. The starter's whole loop was
//! one poll. `async` in front of a function does not change that, and neither does an `.await` whose future is ready at
//! once. `std::thread::yield_now` offers the CPU to other threads, which does not help a task that waits for this
//! thread.
//!
//! `yield_now().await` returns `Pending` once, after asking to be polled again. `tokio::task::consume_budget().await`
//! in every iteration does so when the budget of 128 operations is used up. Or move the work off the thread: in
//! `spawn_blocking` it disturbs no task at all. Choose that when the work takes long, and use many cores when there is
//! a lot of it (with a pool made for computing, such as rayon's: the blocking pool grows to 512 threads, far more than
//! cores).

use std::time::{Duration, Instant};

use tokio::task::yield_now;
use tokio::time::sleep;

/// A yield is cheap, but a chunk may be just as cheap. After a few dozen chunks, the cost of the yield does not matter.
const CHUNKS_IN_A_ROW: usize = 64;

/// Adds up the digests of all chunks, each digested once. The sum wraps around. Panics when `digest` does.
pub async fn checksum(chunks: Vec<Vec<u8>>, digest: impl Fn(&[u8]) -> u64 + Send + 'static) -> u64 {
    let mut sum = 0u64;
    for some in chunks.chunks(CHUNKS_IN_A_ROW) {
        for chunk in some {
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
