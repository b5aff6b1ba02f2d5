//! The closure looks whether the sender of a std channel is still there.

use std::sync::mpsc::{Sender, TryRecvError, channel};
use std::thread;
use std::time::Duration;

use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::sleep;

pub struct Job {
    keep_going: Sender<()>,
    handle: JoinHandle<()>,
}

impl Job {
    pub fn start(mut step: impl FnMut() + Send + 'static) -> Self {
        let (keep_going, news) = channel();
        let handle = spawn_blocking(move || {
            while news.try_recv() != Err(TryRecvError::Disconnected) {
                step();
            }
        });
        Self { keep_going, handle }
    }

    pub async fn stop(self) {
        drop(self.keep_going);
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
