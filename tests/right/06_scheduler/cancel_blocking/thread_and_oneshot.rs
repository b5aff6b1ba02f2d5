//! A thread of its own, which says through a `oneshot` that it has ended.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::sleep;

pub struct Job {
    stop: Arc<AtomicBool>,
    ended: oneshot::Receiver<()>,
}

impl Job {
    pub fn start(mut step: impl FnMut() + Send + 'static) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let (end, ended) = oneshot::channel();
        thread::spawn({
            let stop = stop.clone();
            move || {
                while !stop.load(Ordering::Relaxed) {
                    step();
                }
                drop(step);
                let _ = end.send(());
            }
        });
        Self { stop, ended }
    }

    pub async fn stop(self) {
        // Relaxed is enough: the flag guards no other data, and awaiting the handle orders what the steps have done.
        self.stop.store(true, Ordering::Relaxed);
        self.ended.await.expect("`step` does not panic");
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
