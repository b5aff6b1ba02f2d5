//! Tokio's `watch` as the flag, looked at before each step.

use std::thread;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::sleep;

pub struct Job {
    stop: watch::Sender<bool>,
    handle: JoinHandle<()>,
}

impl Job {
    pub fn start(mut step: impl FnMut() + Send + 'static) -> Self {
        let (stop, stopped) = watch::channel(false);
        let handle = spawn_blocking(move || {
            while !*stopped.borrow() {
                step();
            }
        });
        Self { stop, handle }
    }

    pub async fn stop(self) {
        self.stop.send_replace(true);
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
