//! fails: stop_waits_for_the_running_step
//! says: `stop` gave up

// "however long that takes": gives up after 5 s and returns while the step is running

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::{sleep, timeout};

pub struct Job {
    stop: Arc<AtomicBool>,
    handle: JoinHandle<()>,
}

impl Job {
    pub fn start(mut step: impl FnMut() + Send + 'static) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let stop2 = Arc::clone(&stop);
        let handle = spawn_blocking(move || {
            while !stop2.load(Ordering::SeqCst) {
                step();
            }
        });
        Self { stop, handle }
    }

    pub async fn stop(self) {
        self.stop.store(true, Ordering::SeqCst);
        // Do not hang forever if a step is stuck.
        let _ = timeout(Duration::from_secs(5), self.handle).await;
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
