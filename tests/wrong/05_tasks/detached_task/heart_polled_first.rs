//! fails: a_beat_that_was_due_does_not_come
//! says: of their hearts still beat after that
//!
//! The heart is polled before the stop signal is looked at: a heart that is due (or was just spawned) beats once
//! more after the drop, so it does not stop at once.

use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::sleep;

pub struct Heartbeat {
    _alive: oneshot::Sender<()>,
}

impl Heartbeat {
    /// Starts beating. `heart` is the beating itself, which has no end of its own.
    pub fn start(heart: impl Future<Output = ()> + Send + 'static) -> Self {
        let (alive, gone) = oneshot::channel::<()>();
        tokio::spawn(async move {
            tokio::select! {
                biased;
                () = heart => {}
                _ = gone => {}
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
