//! Cooperate first, then force, and wait in both cases.
//!
//! The starter waited for the jobs, and for nothing else. Two more things can end the patience, and both mean the same: abort
//! what is left. So they are one future, `patience`, which is polled until it is ready once.
//!
//! `abort_all` only asks. Each aborted job is dropped when the runtime gets to it, so the loop goes on until `join_next`
//! returns `None`. By then, all that the jobs owned has been dropped, and each of them has been counted by how it really ended:
//! a job that returned just before it would have been aborted has finished.
//!
//! `timeout(grace, …)` around the first loop and a second loop after the abort is as good, and simpler if there is no `hurry`.
//! The other way is to give each task its own limit: a `select!` between the job and the end of the patience, which drops
//! the job without any `abort`. Take that if you cannot reach the handles.

use std::future::pending;
use std::pin::pin;
use std::time::Duration;

use tokio::select;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

/// Tests bring their own.
pub trait Job: Send + 'static {
    /// Returns when the work is done, or soon after `stop` is cancelled.
    fn work(self, stop: CancellationToken) -> impl Future<Output = ()> + Send;
}

#[derive(Debug, Default, PartialEq)]
pub struct Report {
    /// Jobs that returned.
    pub finished: usize,
    pub panicked: usize,
    /// Jobs that had to be aborted.
    pub aborted: usize,
}

/// `grace` may be zero. With `Duration::MAX`, only `hurry` can end the patience.
pub async fn run<J: Job>(
    jobs: Vec<J>,
    shutdown: impl Future<Output = ()>,
    hurry: impl Future<Output = ()>,
    grace: Duration,
) -> Report {
    let stop = CancellationToken::new();
    let mut tasks = JoinSet::new();
    for job in jobs {
        tasks.spawn(job.work(stop.clone()));
    }
    shutdown.await;
    stop.cancel();

    let mut patience = pin!(async {
        select! {
            // Counted from the shutdown, not from the latest job.
            () = sleep(grace) => {}
            () = hurry => {}
        }
    });
    let mut patient = true;
    let mut report = Report::default();
    loop {
        let ended = select! {
            ended = tasks.join_next() => ended,
            () = &mut patience, if patient => {
                tasks.abort_all();
                // The aborted jobs are still to be waited for.
                patient = false;
                continue;
            }
        };
        match ended {
            Some(Ok(())) => report.finished += 1,
            Some(Err(error)) if error.is_panic() => report.panicked += 1,
            Some(Err(_)) => report.aborted += 1,
            None => return report,
        }
    }
}

struct Scene {
    frames: u32,
    listens: bool,
}

impl Job for Scene {
    async fn work(self, stop: CancellationToken) {
        for frame in 1..=self.frames {
            if self.listens && stop.is_cancelled() {
                println!("a scene of {} frames is saved at frame {frame}", self.frames);
                return;
            }
            sleep(Duration::from_millis(300)).await;
        }
    }
}

#[tokio::main]
async fn main() {
    let jobs = [(2, true), (1_000, true), (90_000, false)];
    let jobs = jobs.map(|(frames, listens)| Scene { frames, listens });
    let start = Instant::now();
    let (shutdown, grace) = (sleep(Duration::from_secs(1)), Duration::from_secs(2));
    let report = run(jobs.into(), shutdown, pending(), grace).await;
    println!("after {:.1} s: {report:?}", start.elapsed().as_secs_f32());
}
