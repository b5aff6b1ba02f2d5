use std::time::Duration;

use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::time::{Instant, sleep};

async fn produce(tx: Sender<u32>, start: Instant) {
    for n in 1..=3 {
        tx.send(n).await.unwrap();
        println!("{n} at {} ms", start.elapsed().as_millis());
    }
}

async fn consume(mut rx: Receiver<u32>) {
    while rx.recv().await.is_some() {
        sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let (tx, rx) = channel(1);
    tokio::join!(produce(tx, Instant::now()), consume(rx));
}
