//! No flag: the closure goes on while the job holds its half of an `Arc`.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::sleep;

pub struct Job {
    wanted: Arc<()>,
    handle: JoinHandle<()>,
}

impl Job {
    pub fn start(mut step: impl FnMut() + Send + 'static) -> Self {
        let wanted = Arc::new(());
        let handle = spawn_blocking({
            let wanted = Arc::downgrade(&wanted);
            move || {
                while wanted.strong_count() > 0 {
                    step();
                }
            }
        });
        Self { wanted, handle }
    }

    pub async fn stop(self) {
        drop(self.wanted);
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
