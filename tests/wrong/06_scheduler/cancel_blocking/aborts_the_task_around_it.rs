//! fails: stop_waits_for_the_running_step
//! says: neither does the handle of a task around the closure

// "lets the running step come to its end and then returns": abort ends the task that waits for the step, its handle is done at once, and the step goes on after `stop` has returned

use std::thread;
use std::time::Duration;

use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::sleep;

pub struct Job {
    handle: JoinHandle<()>,
}

impl Job {
    pub fn start(step: impl FnMut() + Send + 'static) -> Self {
        // A task can be aborted between two steps.
        let handle = tokio::spawn(async move {
            let mut step = step;
            loop {
                step = spawn_blocking(move || {
                    step();
                    step
                })
                .await
                .unwrap();
            }
        });
        Self { handle }
    }

    pub async fn stop(self) {
        self.handle.abort();
        // Wait until it has really ended.
        let _ = self.handle.await;
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
