//! fails: stopped_before_the_first_step
//! says: before the closure had a thread
//!
//! The closure says that it runs, and so overwrites an earlier stop.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::sleep;

pub struct Job {
    running: Arc<AtomicBool>,
    handle: JoinHandle<()>,
}

impl Job {
    pub fn start(mut step: impl FnMut() + Send + 'static) -> Self {
        let running = Arc::new(AtomicBool::new(false));
        let handle = spawn_blocking({
            let running = running.clone();
            move || {
                running.store(true, Ordering::SeqCst);
                while running.load(Ordering::SeqCst) {
                    step();
                }
            }
        });
        Self { running, handle }
    }

    pub async fn stop(self) {
        self.running.store(false, Ordering::SeqCst);
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
