//! fails: the_customer_is_told_each_time
//! says: nobody polled it
//!
//! Polls the report when a wait is over, and sleeps in between.

use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::time::sleep;

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
    loop {
        let mut cx = Context::from_waker(Waker::noop());
        if let Poll::Ready(text) = report.as_mut().poll(&mut cx) {
            return text;
        }
        sleep(patience).await;
        please_wait();
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
