//! fails: the_report_is_ordered_once
//! says: it polls again and again
//!
//! Polls without waiting.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use tokio::task::yield_now;
use tokio::time::{Instant, sleep};

/// Tests bring their own.
pub trait Archive {
    /// Makes a report. Each call starts from the beginning, and each one is on the bill.
    fn report(&self, number: u64) -> impl Future<Output = String>;
}

/// `patience` is between a millisecond and a year.
pub async fn deliver(
    archive: &impl Archive,
    number: u64,
    patience: Duration,
    mut please_wait: impl FnMut(),
) -> String {
    let mut report = pin!(archive.report(number));
    let mut end = Instant::now() + patience;
    loop {
        let look = poll_fn(|cx| Poll::Ready(report.as_mut().poll(cx)));
        if let Poll::Ready(text) = look.await {
            return text;
        }
        if Instant::now() >= end {
            please_wait();
            end += patience;
        }
        yield_now().await;
    }
}

struct Cellar;

impl Archive for Cellar {
    async fn report(&self, number: u64) -> String {
        println!("the archive starts on report {number}");
        sleep(Duration::from_millis(700)).await;
        format!("report {number}")
    }
}

#[tokio::main]
async fn main() {
    let please_wait = || println!("please wait a little longer");
    let report = deliver(&Cellar, 14, Duration::from_millis(200), please_wait).await;
    println!("{report}");
}
