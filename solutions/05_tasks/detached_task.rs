//! A node tells its cluster that it is alive, for as long as its `Heartbeat` exists.
//!
//! Why the heart went on: a `JoinHandle` is a right to wait for a task, and no more. The runtime owns the task. Dropping
//! the handle gives the right up; the task is detached, and runs until it ends by itself or the runtime does. A plain
//! future is the opposite: dropping it is the end of it.
//!
//! Who wants a task to end with a value has to say so: `abort` in `Drop`. It only marks the task and returns at once; the
//! runtime drops the future when it comes to it, at an `.await` and never in the middle of a poll. `Drop` is a plain
//! function and cannot await that. A `JoinSet` aborts its tasks when it is dropped, and tokio-util has an
//! `AbortOnDropHandle` that does what is written here.

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
        // Without effect on a task that is done. Needs no runtime around it.
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
