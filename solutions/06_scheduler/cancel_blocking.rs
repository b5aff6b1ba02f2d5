//! A `Job` on the blocking pool that can be stopped.
//!
//! Why `abort` did nothing: a runtime cancels a task between two polls, by not polling it again. A closure is not
//! polled. It is one call on a thread, and nothing can take a thread away from code that runs. (`abort` does keep a
//! closure that is still in the queue from starting.) So the closure itself has to check whether it should go on, and
//! the smaller its steps are, the sooner it notices.
//!
//! The flag only asks the closure to end. The handle tells you that it has: `stop` awaits it, and returns when the last
//! step is over. Without that, the caller would close files or free a device that a step is still using. The flag can
//! be anything that you can check without waiting: a channel's `try_recv`, a `watch`, a cancellation token.

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
                while !stop.load(Ordering::Relaxed) {
                    step();
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
