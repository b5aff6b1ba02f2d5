//! A worker that renews its lease while it works.
//!
//! Why the lease ran out: `process` was awaited in a handler. A handler runs when its `select!` is over, and until it
//! is done the loop does not come back to the next one, so nobody polls `tick`. Spawning the job and awaiting its
//! handle in the handler would change nothing: it is the loop that waits.
//!
//! What takes long belongs where it is polled beside the ticks. Several designs do that:
//!
//! - A branch of its own, as here: no task, no `Send`, and the jobs end with `run` when that is dropped. Everything
//!   in it shares one task, so it fits work that waits, one job at a time.
//! - A `JoinSet` with a branch `Some(done) = set.join_next()`, when jobs should run side by side, on other threads
//!   too. The ticks must go on until the set is empty, and dropping the set aborts what is left.
//! - A task for all jobs, whose handle a branch awaits, when a job computes a lot between two awaits and would hold
//!   up the ticks even from a branch.
//!
//! A bare `spawn` in the handler keeps the ticks on time and loses the jobs: nobody knows when they are done.

use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::select;
use tokio::sync::mpsc::{Receiver, channel};
use tokio::time::{interval, sleep};

/// What a worker can do. Tests bring their own.
pub trait Worker: Send + Sync + 'static {
    fn renew_lease(&self);
    fn process(&self, job: u32) -> impl Future<Output = ()> + Send;
}

pub async fn run<W: Worker>(worker: Arc<W>, mut jobs: Receiver<u32>) {
    // All of the work is one future. It is polled in a branch, so it gets on while `select!` waits.
    let mut work = pin!(async {
        while let Some(job) = jobs.recv().await {
            worker.process(job).await;
        }
    });
    let mut second = interval(Duration::from_secs(1));
    loop {
        select! {
            _ = second.tick() => worker.renew_lease(),
            // The queue is closed, and its last job is done.
            () = &mut work => return,
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
