use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let start = Instant::now();
    let (tx, mut rx) = mpsc::channel(8);
    tx.send("job").await.unwrap();
    let mut stop = std::pin::pin!(sleep(Duration::from_millis(100)));
    loop {
        tokio::select! {
            Some(job) = rx.recv() => {
                sleep(Duration::from_millis(300)).await;
                println!("{job} at {} ms", start.elapsed().as_millis());
            }
            () = &mut stop => break println!("stop at {} ms", start.elapsed().as_millis()),
        }
    }
}
