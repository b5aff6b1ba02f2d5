//! The task itself waits for the sender to be dropped.

use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::sleep;

pub struct Heartbeat {
    _alive: oneshot::Sender<()>,
}

impl Heartbeat {
    /// Starts beating. `heart` is the beating itself, which has no end of its own.
    pub fn start(heart: impl Future<Output = ()> + Send + 'static) -> Self {
        let (alive, gone) = oneshot::channel();
        tokio::spawn(async move {
            tokio::select! {
                // Whoever is gone is asked for first.
                biased;
                _ = gone => {}
                () = heart => {}
            }
        });
        Self { _alive: alive }
    }
}

async fn beat() {
    loop {
        println!("  alive");
        sleep(Duration::from_millis(500)).await;
    }
}

#[tokio::main]
async fn main() {
    let heartbeat = Heartbeat::start(beat());
    sleep(Duration::from_millis(1200)).await;

    drop(heartbeat);
    println!("the node is down");
    sleep(Duration::from_millis(1200)).await;
}
