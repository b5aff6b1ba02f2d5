use std::time::Duration;

use tokio::time::{Instant, sleep};

async fn download(ms: u64) {
    sleep(Duration::from_millis(ms)).await;
    println!("{ms}");
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let start = Instant::now();
    let tasks = [300, 100, 200].map(|ms| tokio::spawn(download(ms)));
    for task in tasks {
        task.await.unwrap();
    }
    println!("{} ms in all", start.elapsed().as_millis());
}
