//! fails: it_beats_as_long_as_it_exists
//! says: Two of three `Heartbeat`s were dropped, but 0 of their hearts stopped

use std::sync::Mutex;
use std::time::Duration;
use tokio::task::AbortHandle;

use tokio::time::sleep;

pub struct Heartbeat;

static TASK: Mutex<Option<AbortHandle>> = Mutex::new(None);

impl Heartbeat {
    /// Starts beating. `heart` is the beating itself, which has no end of its own.
    pub fn start(heart: impl Future<Output = ()> + Send + 'static) -> Self {
        *TASK.lock().unwrap() = Some(tokio::spawn(heart).abort_handle());
        Self
    }
}

impl Drop for Heartbeat {
    fn drop(&mut self) {
        if let Some(task) = &*TASK.lock().unwrap() {
            task.abort();
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
