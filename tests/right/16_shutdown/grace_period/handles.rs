//! Handles in a list: polled together by `join_all`, aborted one by one.

use std::pin::pin;
use std::time::Duration;

use futures::future::join_all;
use tokio::select;
use tokio::task::JoinHandle;
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
    let handles: Vec<JoinHandle<()>> =
        jobs.into_iter().map(|job| tokio::spawn(job.work(stop.clone()))).collect();
    let aborts: Vec<_> = handles.iter().map(JoinHandle::abort_handle).collect();
    shutdown.await;
    stop.cancel();

    let mut all = pin!(join_all(handles));
    let ends = select! {
        ends = &mut all => ends,
        () = async { select! { () = sleep(grace) => {}, () = hurry => {} } } => {
            aborts.iter().for_each(|task| task.abort());
            all.await
        }
    };
    let mut report = Report::default();
    for end in ends {
        match end {
            Ok(()) => report.finished += 1,
            Err(error) if error.is_cancelled() => report.aborted += 1,
            Err(_) => report.panicked += 1,
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
