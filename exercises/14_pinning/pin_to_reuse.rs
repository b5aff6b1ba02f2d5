//! A customer orders a report, and the archive takes seconds or hours to make it. `deliver` orders the report once and
//! returns it as soon as it is there. Each time that another `patience` has passed without it, `deliver` calls
//! `please_wait`. A customer who leaves drops `deliver`, and the archive's future has to go with it.
//!
//! The loop in `deliver` does not compile.

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
    let mut report = archive.report(number);
    loop {
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
