//! Three replicas of a booking system know how many seats a train has left. `seats_left`
//! asks them all at the same time, returns the first number that arrives, and cancels the
//! other requests. A replica may fail. Then the others decide, however long they take. Only
//! after all three have failed does `seats_left` return `AllFailed`, and then at once.
//!
//! In `cargo run` one replica fails after 10 ms, and `seats_left` returns `AllFailed`. The
//! next replica would have answered after 50 ms.

use std::time::{Duration, Instant};

use tokio::time::sleep;

/// No replica has answered.
#[derive(Debug, PartialEq)]
pub struct AllFailed;

pub async fn seats_left<E: Send + 'static>(
    north: impl Future<Output = Result<u32, E>> + Send + 'static,
    south: impl Future<Output = Result<u32, E>> + Send + 'static,
    west: impl Future<Output = Result<u32, E>> + Send + 'static,
) -> Result<u32, AllFailed> {
    tokio::select! {
        answer = north => answer.map_err(|_| AllFailed),
        answer = south => answer.map_err(|_| AllFailed),
        answer = west => answer.map_err(|_| AllFailed),
    }
}

async fn ask(takes: u64, answer: Result<u32, &'static str>) -> Result<u32, &'static str> {
    sleep(Duration::from_millis(takes)).await;
    answer
}

#[tokio::main]
async fn main() {
    let start = Instant::now();
    let seats = seats_left(ask(10, Err("north is down")), ask(50, Ok(3)), ask(400, Ok(3))).await;
    println!("{seats:?} after {} ms", start.elapsed().as_millis());
}
