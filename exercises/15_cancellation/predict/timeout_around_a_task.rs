use std::time::Duration;

use tokio::time::{sleep, timeout};

async fn import() {
    sleep(Duration::from_millis(300)).await;
    println!("imported");
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let result = timeout(Duration::from_millis(100), tokio::spawn(import())).await;
    println!("in time: {}", result.is_ok());
    sleep(Duration::from_millis(400)).await;
    println!("end");
}
