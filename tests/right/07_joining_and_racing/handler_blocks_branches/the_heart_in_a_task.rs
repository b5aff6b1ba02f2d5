use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc::{Receiver, channel};
use tokio::time::{interval, sleep};

/// What a worker can do. Tests bring their own.
pub trait Worker: Send + Sync + 'static {
    fn renew_lease(&self);
    fn process(&self, job: u32) -> impl Future<Output = ()> + Send;
}

pub async fn run<W: Worker>(worker: Arc<W>, mut jobs: Receiver<u32>) {
    let heart = tokio::spawn({
        let worker = Arc::clone(&worker);
        async move {
            let mut second = interval(Duration::from_secs(1));
            loop {
                second.tick().await;
                worker.renew_lease();
            }
        }
    });
    while let Some(job) = jobs.recv().await {
        worker.process(job).await;
    }
    heart.abort();
    let _ = heart.await;
}

struct Press(Instant);

impl Worker for Press {
    fn renew_lease(&self) {
        println!("{:5} ms: lease renewed", self.0.elapsed().as_millis());
    }

    async fn process(&self, job: u32) {
        sleep(Duration::from_millis(3500)).await;
        println!("{:5} ms: job {job} is done", self.0.elapsed().as_millis());
    }
}

#[tokio::main]
async fn main() {
    let (queue, jobs) = channel(8);
    tokio::spawn(async move {
        for job in [1, 2] {
            queue.send(job).await.expect("the worker is at work");
        }
    });
    run(Arc::new(Press(Instant::now())), jobs).await;
}
