//! fails: it_may_be_dropped_anywhere
//! says: The owner of a `Heartbeat` panicked, which dropped it, but the heart keeps beating

use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::sleep;

pub struct Heartbeat {
    task: JoinHandle<()>,
}

impl Heartbeat {
    /// Starts beating. `heart` is the beating itself, which has no end of its own.
    pub fn start(heart: impl Future<Output = ()> + Send + 'static) -> Self {
        Self { task: tokio::spawn(heart) }
    }
}

impl Drop for Heartbeat {
    fn drop(&mut self) {
        // Nothing more can go wrong in the middle of a panic.
        if !std::thread::panicking() {
            self.task.abort();
        }
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
