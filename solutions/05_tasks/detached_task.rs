//! A node tells its cluster that it is alive, for as long as its `Heartbeat` exists.
//!
//! Why the heart kept beating: a `JoinHandle` only lets you wait for a task. The runtime owns the task. Dropping the
//! handle detaches the task, which runs until it ends by itself or the runtime does. A plain future is the opposite:
//! when you drop it, it is gone.
//!
//! If a task should end together with a value, you have to say so: call `abort` in `Drop`. It only sets a flag and
//! returns at once; the runtime drops the future later, at an `.await` and never in the middle of a poll. `Drop` is a
//! plain function and cannot wait for that. A `JoinSet` aborts its tasks when it is dropped, and tokio-util has an
//! `AbortOnDropHandle` that does the same as this code.

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

impl Drop for Heartbeat {
    fn drop(&mut self) {
        // Has no effect on a task that is done, and needs no runtime around it.
        self.task.abort();
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
