//! fails: a_stubborn_job_is_aborted_after_the_grace
//! says: and wait for the end of that, too

use std::time::Duration;

use tokio::select;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

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
    let tasks = TaskTracker::new();
    let all = jobs.len();
    for job in jobs {
        tasks.spawn(job.work(stop.clone()));
    }
    tasks.close();
    shutdown.await;
    stop.cancel();

    select! {
        _ = timeout(grace, tasks.wait()) => {}
        () = hurry => {}
    }
    let aborted = tasks.len();
    Report { finished: all - aborted, panicked: 0, aborted }
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
