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

    let all = tasks.len();
    let waiting = async { while tasks.join_next().await.is_some() {} };
    select! {
        () = waiting => return Report { finished: all, ..Report::default() },
        () = sleep(grace) => {}
        () = hurry => {}
    }
    let aborted = tasks.len();
    tasks.shutdown().await;
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
