//! fails: one_stop_does_not_wait_for_another
//! says: the second `stop` did not return

// Stops one job after the other, under a lock that all jobs share: a slow step holds up the end of all others.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use tokio::sync::Mutex;
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
                while !stop.load(Ordering::Relaxed) {
                    step();
                }
            }
        });
        Self { stop, handle }
    }

    pub async fn stop(self) {
        static STOPPING: Mutex<()> = Mutex::const_new(());
        let _turn = STOPPING.lock().await;
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
