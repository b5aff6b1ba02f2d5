use std::time::Duration;

use tokio::time::{Instant, interval, sleep};

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let start = Instant::now();
    let mut ticks = interval(Duration::from_millis(100));
    for _ in 0..3 {
        ticks.tick().await;
        println!("{} ms", start.elapsed().as_millis());
        sleep(Duration::from_millis(30)).await;
    }
}
