//! fails: each_job_is_stopped_alone
//! says: one of them was stopped. The other one ended, too
//!
//! One flag for all jobs; each `start` lowers it.

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
        STOP.store(false, Ordering::SeqCst);
        let handle = spawn_blocking(move || {
            while !STOP.load(Ordering::SeqCst) {
                step();
            }
        });
        Self { handle }
    }

    pub async fn stop(self) {
        STOP.store(true, Ordering::SeqCst);
        self.handle.await.expect("`step` does not panic");
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
