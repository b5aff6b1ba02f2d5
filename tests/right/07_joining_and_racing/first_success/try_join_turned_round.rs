//! A success ends the race, so for `try_join!` a success is the error.

use std::time::{Duration, Instant};

use tokio::time::sleep;

/// No replica has answered.
#[derive(Debug, PartialEq)]
pub struct AllFailed;

/// `Err` is what ends a `try_join!`, so the two change places.
async fn lost<E>(request: impl Future<Output = Result<u32, E>>) -> Result<E, u32> {
    match request.await {
        Ok(seats) => Err(seats),
        Err(error) => Ok(error),
    }
}

pub async fn seats_left<E: Send + 'static>(
    north: impl Future<Output = Result<u32, E>> + Send + 'static,
    south: impl Future<Output = Result<u32, E>> + Send + 'static,
    west: impl Future<Output = Result<u32, E>> + Send + 'static,
) -> Result<u32, AllFailed> {
    let race = tokio::try_join!(lost(north), lost(south), lost(west));
    match race {
        Ok(_) => Err(AllFailed),
        Err(seats) => Ok(seats),
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
