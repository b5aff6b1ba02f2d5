//! fails: the_running_step_is_the_last
//! says: but 10000 more steps followed

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
        let handle = spawn_blocking({
            let stop = stop.clone();
            move || {
                if !stop.load(Ordering::Relaxed) {
                    loop {
                        step();
                    }
                }
            }
        });
        Self { stop, handle }
    }

    pub async fn stop(self) {
        // Relaxed is enough: the flag guards no other data, and awaiting the handle orders what the steps have done.
        self.stop.store(true, Ordering::Relaxed);
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
