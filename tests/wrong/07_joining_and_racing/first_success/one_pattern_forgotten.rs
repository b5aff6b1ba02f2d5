//! fails: an_error_does_not_win
//! says: An error is not an answer

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
        answer = west => answer.map_err(|_| AllFailed),
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
