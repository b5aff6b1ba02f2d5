//! No `abort`: a second token, `force`, is raced against the job inside of its task, which drops it.

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
    let (stop, force) = (CancellationToken::new(), CancellationToken::new());
    let mut tasks = JoinSet::new();
    for job in jobs {
        let (work, force) = (job.work(stop.clone()), force.clone());
        tasks.spawn(async move { force.run_until_cancelled_owned(work).await });
    }
    shutdown.await;
    stop.cancel();

    let mut report = Report::default();
    let counted = async {
        while let Some(ended) = tasks.join_next().await {
            match ended {
                Ok(Some(())) => report.finished += 1,
                Ok(None) => report.aborted += 1,
                Err(_) => report.panicked += 1,
            }
        }
    };
    let patience = async {
        select! {
            () = sleep(grace) => {}
            () = hurry => {}
        }
        force.cancel();
        std::future::pending::<()>().await;
    };
    select! {
        () = counted => {}
        () = patience => unreachable!("it goes on forever"),
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
