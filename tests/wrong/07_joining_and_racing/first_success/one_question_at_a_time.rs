//! fails: calls_do_not_wait_for_each_other
//! says: was not done before the first

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
    static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
    let _turn = TURN.lock().await;
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
