//! fails: it_may_be_dropped_anywhere
//! says: cannot count on a runtime
//!
//! `drop` spawns, so it panics where no runtime is ("also by code that is not async"), and the heart may beat once
//! more before the new task has its turn.

use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::sleep;

pub struct Heartbeat {
    task: Option<JoinHandle<()>>,
}

impl Heartbeat {
    /// Starts beating. `heart` is the beating itself, which has no end of its own.
    pub fn start(heart: impl Future<Output = ()> + Send + 'static) -> Self {
        Self { task: Some(tokio::spawn(heart)) }
    }
}

impl Drop for Heartbeat {
    fn drop(&mut self) {
        if let Some(task) = self.task.take() {
            tokio::spawn(async move {
                task.abort();
                let _ = task.await;
            });
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
