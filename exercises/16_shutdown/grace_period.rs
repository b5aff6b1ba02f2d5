//! A node of a render farm. `run` starts all jobs at the same time, each in a task. When `shutdown` is
//! ready, it tells every job to stop. Most jobs save their work then, and return.
//!
//! A job that is still running after `grace`, counted from the shutdown, is aborted. So is every job
//! that is still running when `hurry` is ready: the operator has pressed Ctrl-C a second time. (`hurry`
//! is never ready before `shutdown` is. It may never be ready at all.)
//!
//! `run` goes on until the shutdown, also when no job is left. After the shutdown it returns as soon as
//! no job is left: a job that was aborted is gone when everything that it owned has been dropped. The
//! report says how the jobs ended, those before the shutdown, too.
//!
//! In `cargo run`, one job does not listen, and the node does not stop. It should, after two seconds.

use std::future::pending;
use std::time::Duration;

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

    let mut report = Report::default();
    while let Some(ended) = tasks.join_next().await {
        match ended {
            Ok(()) => report.finished += 1,
            Err(error) if error.is_panic() => report.panicked += 1,
            Err(_) => report.aborted += 1,
        }
    }
    report
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
