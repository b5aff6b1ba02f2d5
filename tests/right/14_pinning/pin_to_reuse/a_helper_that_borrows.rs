//! A helper gets the pinned report by reference, for one wait.

use std::pin::{Pin, pin};
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout_at};

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
        match until(end, report.as_mut()).await {
            Some(text) => return text,
            None => please_wait(),
        }
        end += patience;
    }
}

async fn until(end: Instant, report: Pin<&mut impl Future<Output = String>>) -> Option<String> {
    timeout_at(end, report).await.ok()
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
