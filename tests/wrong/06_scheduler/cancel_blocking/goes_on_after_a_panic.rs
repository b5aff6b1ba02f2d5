//! fails: a_panic_ends_a_step_too
//! says: steps began after it. A step that panics ends the job: no other step follows

// A step that panics ends the job; here the next step begins.

use std::thread;
use std::time::Duration;

use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::sleep;

pub struct Job {
    handle: JoinHandle<()>,
    stopped: std::sync::Arc<std::sync::atomic::AtomicBool>,
}

impl Job {
    pub fn start(mut step: impl FnMut() + Send + 'static) -> Self {
        let stopped = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
        let stop = stopped.clone();
        let handle = spawn_blocking(move || {
            while !stop.load(std::sync::atomic::Ordering::SeqCst) {
                // One bad step is no reason to stop.
                let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(&mut step));
            }
        });
        Self { handle, stopped }
    }

    pub async fn stop(self) {
        self.stopped.store(true, std::sync::atomic::Ordering::SeqCst);
        self.handle.abort();
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
