//! A node tells its cluster twice a second that it is alive. The heart should beat for as
//! long as its `Heartbeat` exists. When the `Heartbeat` is dropped, the heart stops at
//! once and for good: a beat that was just due does not come either. And its task ends. A
//! `Heartbeat` may be dropped anywhere and at any time, also by code that is not async.
//!
//! `cargo run` drops it after three beats. The heart goes on.

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
