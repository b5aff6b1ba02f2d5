//! fails: dropping_it_stops_the_heart
//! says: Still running. Dropping a handle lets the task go on

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
        drop(self.task.take());
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
