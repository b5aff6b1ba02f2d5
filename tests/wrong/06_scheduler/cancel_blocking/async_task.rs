//! fails: stop_waits_for_the_running_step
//! says: A step may block, and it ran on the runtime's thread

use std::thread;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::sleep;

pub struct Job {
    handle: JoinHandle<()>,
}

impl Job {
    pub fn start(mut step: impl FnMut() + Send + 'static) -> Self {
        let handle = tokio::spawn(async move {
            loop {
                step();
                tokio::task::yield_now().await;
            }
        });
        Self { handle }
    }

    pub async fn stop(self) {
        self.handle.abort();
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
