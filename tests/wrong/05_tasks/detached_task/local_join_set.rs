//! fails: dropping_it_stops_the_heart
//! says: The heart has stopped after 0 beats
//!
//! The `JoinSet` ends with `start`, and the heart with it.

use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::sleep;

pub struct Heartbeat {
    task: JoinHandle<()>,
}

impl Heartbeat {
    /// Starts beating. `heart` is the beating itself, which has no end of its own.
    pub fn start(heart: impl Future<Output = ()> + Send + 'static) -> Self {
        let mut tasks = tokio::task::JoinSet::new();
        tasks.spawn(heart);
        Self { task: tokio::spawn(async {}) }
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
