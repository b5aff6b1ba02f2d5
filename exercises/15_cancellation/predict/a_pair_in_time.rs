use std::time::Duration;

use tokio::sync::mpsc::{Receiver, channel};
use tokio::time::{sleep, timeout};

async fn pair(rx: &mut Receiver<u32>) -> Option<[u32; 2]> {
    let first = rx.recv().await?;
    Some([first, rx.recv().await?])
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let (tx, mut rx) = channel(8);
    tokio::spawn(async move {
        for n in 1..=4 {
            tx.send(n).await.unwrap();
            sleep(Duration::from_millis(200)).await;
        }
    });
    for ms in [150, 1000] {
        println!("{:?}", timeout(Duration::from_millis(ms), pair(&mut rx)).await.ok());
    }
}
