//! Two pinned futures: the report, and a timer that starts again.

use std::time::Duration;

use tokio::time::{Instant, sleep};
use tokio::{pin, select};

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
    let report = archive.report(number);
    let over = sleep(patience);
    pin!(report, over);
    let mut end = Instant::now() + patience;
    loop {
        select! {
            biased;
            text = &mut report => return text,
            () = &mut over => {
                please_wait();
                end += patience;
                over.as_mut().reset(end);
            }
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
