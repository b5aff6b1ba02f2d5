//! fails: dropping_it_stops_the_heart
//! says: keeps asking

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::time::sleep;

pub struct Heartbeat {
    dropped: Arc<AtomicBool>,
}

impl Heartbeat {
    /// Starts beating. `heart` is the beating itself, which has no end of its own.
    pub fn start(heart: impl Future<Output = ()> + Send + 'static) -> Self {
        let dropped = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&dropped);
        tokio::spawn(async move {
            tokio::select! {
                () = heart => {}
                () = async {
                    while !flag.load(Ordering::Relaxed) {
                        tokio::task::yield_now().await;
                    }
                } => {}
            }
        });
        Self { dropped }
    }
}

impl Drop for Heartbeat {
    fn drop(&mut self) {
        self.dropped.store(true, Ordering::Relaxed);
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
