use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

async fn ask(attempt: u64) -> u64 {
    sleep(Duration::from_millis(250)).await;
    attempt
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let start = Instant::now();
    for attempt in 1..=3 {
        let limit = Duration::from_millis(100 * attempt);
        let answer = timeout(limit, ask(attempt)).await;
        println!("{} at {} ms", answer.is_ok(), start.elapsed().as_millis());
    }
}
