//! fails: an_error_does_not_win
//! says: polls again and again

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
    let mut tasks = vec![tokio::spawn(north), tokio::spawn(south), tokio::spawn(west)];
    while !tasks.is_empty() {
        let Some(done) = tasks.iter().position(|task| task.is_finished()) else {
            tokio::task::yield_now().await;
            continue;
        };
        if let Ok(Ok(seats)) = tasks.remove(done).await {
            tasks.iter().for_each(|task| task.abort());
            return Ok(seats);
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
