//! A `Job` calls `step` again and again, on a thread where it may block. `stop` waits until the running step is over,
//! however long that takes, and then returns. After that, no step begins. If the job is still waiting for a thread, no
//! step begins at all (and `stop` may wait for the thread, too). A step that panics ends the job; then `stop` returns,
//! or panics as well.
//!
//! `cargo run` stops a job after half a second. It says "stopped", but the job keeps counting, and the program never
//! ends.

use std::thread;
use std::time::Duration;

use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::sleep;

pub struct Job {
    handle: JoinHandle<()>,
}

impl Job {
    pub fn start(mut step: impl FnMut() + Send + 'static) -> Self {
        let handle = spawn_blocking(move || {
            loop {
                step();
            }
        });
        Self { handle }
    }

    pub async fn stop(self) {
        self.handle.abort();
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut count = 0;
    let job = Job::start(move || {
        thread::sleep(Duration::from_millis(150));
        count += 1;
        println!("step {count}");
    });
    sleep(Duration::from_millis(500)).await;
    job.stop().await;
    println!("stopped");
}
