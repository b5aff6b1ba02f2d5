//! fails: the_report_is_ordered_once
//! says: times from the archive
//!
//! Pins where the compiler points, inside of the loop.

use std::pin::pin;
use std::time::Duration;

use tokio::time::{sleep, timeout};

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
    loop {
        let mut report = pin!(archive.report(number));
        match timeout(patience, &mut report).await {
            Ok(text) => return text,
            Err(_) => please_wait(),
        }
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
