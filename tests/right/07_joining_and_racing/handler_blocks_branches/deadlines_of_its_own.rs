use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::select;
use tokio::sync::mpsc::{Receiver, channel};
use tokio::time::{sleep, sleep_until};

/// What a worker can do. Tests bring their own.
pub trait Worker: Send + Sync + 'static {
    fn renew_lease(&self);
    fn process(&self, job: u32) -> impl Future<Output = ()> + Send;
}

pub async fn run<W: Worker>(worker: Arc<W>, mut jobs: Receiver<u32>) {
    // No `interval`: the next renewal has an `Instant`, and each turn sleeps until then.
    let mut next = tokio::time::Instant::now();
    let mut work = pin!(async {
        while let Some(job) = jobs.recv().await {
            worker.process(job).await;
        }
    });
    loop {
        select! {
            () = &mut work => break,
            () = sleep_until(next) => {
                worker.renew_lease();
                next += Duration::from_secs(1);
            }
        }
    }
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
