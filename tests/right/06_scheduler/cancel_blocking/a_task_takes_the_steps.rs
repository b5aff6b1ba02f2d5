//! A task hands one step after another to the blocking pool.

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
        let handle = tokio::spawn({
            let stop = stop.clone();
            async move {
                while !stop.load(Ordering::SeqCst) {
                    // The step goes along and comes back.
                    let taken = spawn_blocking(move || {
                        step();
                        step
                    });
                    step = taken.await.expect("`step` does not panic");
                }
            }
        });
        Self { stop, handle }
    }

    pub async fn stop(self) {
        self.stop.store(true, Ordering::SeqCst);
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
