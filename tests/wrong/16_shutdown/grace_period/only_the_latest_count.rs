//! fails: the_report_counts_every_job
//! says: Each job counts once

use std::time::Duration;

use tokio::select;
use tokio::task::JoinSet;
use tokio::time::sleep;
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

    select! {
        report = count(&mut tasks) => return report,
        () = sleep(grace) => {}
        () = hurry => {}
    }
    tasks.abort_all();
    count(&mut tasks).await
}

/// Waits for all tasks and counts how they have ended.
async fn count(tasks: &mut JoinSet<()>) -> Report {
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

struct Scene;

impl Job for Scene {
    async fn work(self, stop: CancellationToken) {
        stop.cancelled().await;
    }
}

#[tokio::main]
async fn main() {
    let report = run(vec![Scene], async {}, std::future::pending(), Duration::from_secs(2)).await;
    println!("{report:?}");
}
