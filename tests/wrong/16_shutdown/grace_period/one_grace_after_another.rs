//! fails: a_stubborn_job_is_aborted_after_the_grace
//! says: was still running

use std::pin::pin;
use std::time::Duration;

use tokio::select;
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
    let handles: Vec<_> = jobs.into_iter().map(|job| tokio::spawn(job.work(stop.clone()))).collect();
    shutdown.await;
    stop.cancel();

    let mut report = Report::default();
    let (mut hurry, mut hurried) = (pin!(hurry), false);
    for mut handle in handles {
        let ended = select! {
            biased;
            ended = &mut handle => ended,
            () = &mut hurry, if !hurried => {
                hurried = true;
                handle.abort();
                handle.await
            }
            () = sleep(if hurried { Duration::ZERO } else { grace }) => {
                handle.abort();
                handle.await
            }
        };
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
