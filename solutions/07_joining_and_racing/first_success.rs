//! Of three replicas, the first one that has an answer wins.
//!
//! `select!` ends with the first branch whose output matches its pattern. `answer` matches everything, also an `Err`,
//! so the quickest failure won. `Ok(seats)` does not match an `Err`: then `select!` disables this branch, drops its
//! output, and waits for the others. If it happens to all of them, nothing is left to wait for. That is what `else` is
//! for, and without an `else`, `select!` panics. The losers are dropped before the handler of the winner runs.
//!
//! The errors are lost here, which is all right for `AllFailed`. If you need them, or if the number of replicas is
//! known only at run time, use a `JoinSet`: look at each outcome of `join_next`, and return at the first `Ok`. Dropping
//! the set aborts the other tasks.

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
        Ok(seats) = north => Ok(seats),
        Ok(seats) = south => Ok(seats),
        Ok(seats) = west => Ok(seats),
        else => Err(AllFailed),
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
