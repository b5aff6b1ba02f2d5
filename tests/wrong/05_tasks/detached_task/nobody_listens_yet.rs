//! fails: dropping_it_stops_the_heart
//! says: Nothing was listening yet, so the signal was lost

use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

use tokio::time::sleep;

pub struct Heartbeat {
    stop: Arc<Notify>,
}

impl Heartbeat {
    /// Starts beating. `heart` is the beating itself, which has no end of its own.
    pub fn start(heart: impl Future<Output = ()> + Send + 'static) -> Self {
        let stop = Arc::new(Notify::new());
        let stopped = Arc::clone(&stop);
        tokio::spawn(async move {
            tokio::select! {
                () = stopped.notified() => {}
                () = heart => {}
            }
        });
        Self { stop }
    }
}

impl Drop for Heartbeat {
    fn drop(&mut self) {
        self.stop.notify_waiters();
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
