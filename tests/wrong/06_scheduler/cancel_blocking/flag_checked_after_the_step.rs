//! fails: stopped_before_the_first_step
//! says: but 1 step followed when there was one. No step may begin after `stop`

// "no further step begins": looks at the flag only after a step, so a job that is stopped before its thread has begun makes a step after that

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::sleep;

pub struct Job {
    stop: Arc<AtomicBool>,
    handle: JoinHandle<()>,
}

impl Job {
    pub fn start(mut step: impl FnMut() + Send + 'static) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let flag = stop.clone();
        let handle = spawn_blocking(move || {
            loop {
                step();
                if flag.load(Ordering::Acquire) {
                    break;
                }
            }
        });
        Self { stop, handle }
    }

    pub async fn stop(self) {
        self.stop.store(true, Ordering::Release);
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
