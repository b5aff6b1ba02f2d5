//! fails: all_replicas_may_fail
//! says: never returned

use std::future::pending;
use std::time::{Duration, Instant};

use tokio::time::sleep;

/// No replica has answered.
#[derive(Debug, PartialEq)]
pub struct AllFailed;

async fn success<E>(request: impl Future<Output = Result<u32, E>>) -> u32 {
    match request.await {
        Ok(seats) => seats,
        Err(_) => pending().await,
    }
}

pub async fn seats_left<E: Send + 'static>(
    north: impl Future<Output = Result<u32, E>> + Send + 'static,
    south: impl Future<Output = Result<u32, E>> + Send + 'static,
    west: impl Future<Output = Result<u32, E>> + Send + 'static,
) -> Result<u32, AllFailed> {
    tokio::select! {
        seats = success(north) => Ok(seats),
        seats = success(south) => Ok(seats),
        seats = success(west) => Ok(seats),
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
