//! fails: a_second_signal_ends_the_patience
//! says: is finished
//!
//! Polls `hurry` again after it was ready, which panics or spins while the aborted jobs are not gone.

use std::future::pending;
use std::pin::pin;
use std::time::Duration;

use tokio::select;
use tokio::task::{JoinError, JoinSet};
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
        let stop = stop.clone();
        tasks.spawn(async move { job.work(stop).await });
    }
    shutdown.await;
    stop.cancel();

    let mut hurry = pin!(hurry);
    let mut late = pin!(sleep(grace));
    let mut report = Report::default();
    loop {
        select! {
            ended = tasks.join_next() => {
                match ended {
                    Some(ended) => count(&mut report, ended),
                    None => return report,
                }
            }
            () = &mut hurry => tasks.abort_all(),
            () = &mut late => tasks.abort_all(),
        }
    }
}

fn count(report: &mut Report, ended: Result<(), JoinError>) {
    match ended {
        Ok(()) => report.finished += 1,
        Err(error) if error.is_panic() => report.panicked += 1,
        Err(_) => report.aborted += 1,
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
