//! The tasks report over a channel. Without a sender left, all have failed.

use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use tokio::time::sleep;

/// No replica has answered.
#[derive(Debug, PartialEq)]
pub struct AllFailed;

async fn report<E>(request: impl Future<Output = Result<u32, E>>, found: mpsc::Sender<u32>) {
    if let Ok(seats) = request.await {
        // The race may be over by now.
        let _ = found.send(seats).await;
    }
}

pub async fn seats_left<E: Send + 'static>(
    north: impl Future<Output = Result<u32, E>> + Send + 'static,
    south: impl Future<Output = Result<u32, E>> + Send + 'static,
    west: impl Future<Output = Result<u32, E>> + Send + 'static,
) -> Result<u32, AllFailed> {
    let (found, mut seats) = mpsc::channel(1);
    let mut requests = JoinSet::new();
    requests.spawn(report(north, found.clone()));
    requests.spawn(report(south, found.clone()));
    requests.spawn(report(west, found));
    seats.recv().await.ok_or(AllFailed)
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
