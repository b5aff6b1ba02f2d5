//! A loop that counts failures, with a guard for each replica that has failed.

use std::pin::pin;
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
    let (mut north, mut south, mut west) = (pin!(north), pin!(south), pin!(west));
    let mut failed = [false; 3];
    while failed != [true; 3] {
        let (replica, answer) = tokio::select! {
            answer = &mut north, if !failed[0] => (0, answer),
            answer = &mut south, if !failed[1] => (1, answer),
            answer = &mut west, if !failed[2] => (2, answer),
        };
        match answer {
            Ok(seats) => return Ok(seats),
            Err(_) => failed[replica] = true,
        }
    }
    Err(AllFailed)
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
