//! A node tells its cluster twice a second that it is alive. The heart should beat as long
//! as its `Heartbeat` exists. When the `Heartbeat` is dropped, its task ends and the heart
//! stops at once, forever: even a beat that was just due does not come. You may drop a
//! `Heartbeat` anywhere and at any time, even in code that is not async.
//!
//! `cargo run` drops it after three beats. The heart keeps beating.

use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::sleep;

pub struct Heartbeat {
    task: JoinHandle<()>,
}

impl Heartbeat {
    /// Starts beating. `heart` does the beating, and never ends by itself.
    pub fn start(heart: impl Future<Output = ()> + Send + 'static) -> Self {
        Self { task: tokio::spawn(heart) }
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
