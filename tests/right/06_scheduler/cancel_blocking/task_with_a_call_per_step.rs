//! A task that hands every single step to `spawn_blocking` and awaits it; a oneshot, looked at between the steps, ends it.

use std::thread;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::sync::oneshot::error::TryRecvError;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::sleep;

pub struct Job {
    stop: oneshot::Sender<()>,
    handle: JoinHandle<()>,
}

impl Job {
    pub fn start(step: impl FnMut() + Send + 'static) -> Self {
        let (stop, mut stopped) = oneshot::channel();
        let handle = tokio::spawn(async move {
            let mut step = step;
            while let Err(TryRecvError::Empty) = stopped.try_recv() {
                let done = spawn_blocking(move || {
                    step();
                    step
                });
                match done.await {
                    Ok(given_back) => step = given_back,
                    Err(_) => return,
                }
            }
        });
        Self { stop, handle }
    }

    pub async fn stop(self) {
        let _ = self.stop.send(());
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
