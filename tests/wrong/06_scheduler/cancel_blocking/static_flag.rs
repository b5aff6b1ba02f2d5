//! fails: stop_sleeps_meanwhile
//! says: and the next one ended before its first step

// "a `Job` calls `step` again and again": one static flag for all jobs, so `stop` ends the other jobs, too, and a job started later never makes a step

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::sleep;

static STOP: AtomicBool = AtomicBool::new(false);

pub struct Job {
    handle: JoinHandle<()>,
}

impl Job {
    pub fn start(mut step: impl FnMut() + Send + 'static) -> Self {
        let handle = spawn_blocking(move || {
            while !STOP.load(Ordering::Relaxed) {
                step();
            }
        });
        Self { handle }
    }

    pub async fn stop(self) {
        STOP.store(true, Ordering::Relaxed);
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
