//! A `Job` calls `step` again and again, on a thread where it may block. `stop` lets the running step come to its end,
//! however long that takes, and then returns. No further step begins, and none at all where the job still waits for a
//! thread (`stop` may then wait for it, too). A step that panics ends the job; `stop` returns then, or passes the panic
//! on.
//!
//! `cargo run` stops a job after half a second. It says "stopped", counts on, and the program never ends.

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
