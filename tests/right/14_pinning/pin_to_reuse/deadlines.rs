//! The times are multiples of patience from the start; the report is looked at first; a patience beyond the clock is no time at all.

use std::pin::pin;
use std::time::Duration;

use tokio::time::{Instant, sleep, sleep_until};

/// Tests bring their own.
pub trait Archive {
    /// Makes a report. Each call starts from the beginning, and each one is on the bill.
    fn report(&self, number: u64) -> impl Future<Output = String>;
}

/// `patience` is never zero.
pub async fn deliver(
    archive: &impl Archive,
    number: u64,
    patience: Duration,
    mut please_wait: impl FnMut(),
) -> String {
    let mut report = pin!(archive.report(number));
    let mut next = Instant::now().checked_add(patience);
    loop {
        let Some(time) = next else {
            return report.await;
        };
        tokio::select! {
            biased;
            text = &mut report => return text,
            () = sleep_until(time) => {
                please_wait();
                next = time.checked_add(patience);
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
