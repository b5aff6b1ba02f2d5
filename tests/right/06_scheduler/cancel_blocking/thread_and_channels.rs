//! A std thread of its own; a std channel, closed by `stop`, ends the loop, a oneshot, closed by the thread, tells the end.

use std::sync::mpsc::{self, TryRecvError};
use std::thread;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::sleep;

pub struct Job {
    go_on: mpsc::Sender<()>,
    ended: oneshot::Receiver<()>,
}

impl Job {
    pub fn start(step: impl FnMut() + Send + 'static) -> Self {
        let (go_on, asked) = mpsc::channel::<()>();
        let (end, ended) = oneshot::channel();
        thread::spawn(move || {
            // Dropped at the end of the thread, be it a return or a panic.
            let _end: oneshot::Sender<()> = end;
            let mut step = step;
            while asked.try_recv() == Err(TryRecvError::Empty) {
                step();
            }
        });
        Self { go_on, ended }
    }

    pub async fn stop(self) {
        drop(self.go_on);
        let _ = self.ended.await;
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
