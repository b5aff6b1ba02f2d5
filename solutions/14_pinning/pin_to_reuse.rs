//! A report with a limit for each wait: one future, polled by one `timeout` after the other.
//!
//! Why it did not compile: a reference to a future is a future only if the future is `Unpin`, because whoever has a plain `&mut`
//! could move the value between two polls. The future of an `async fn` may hold addresses inside itself, so it is not `Unpin`, and
//! of a future behind a trait nobody knows. `pin!` puts it into a hidden variable of this function and gives out a `Pin`, a
//! pointer that promises: no moves from here on. That pointer may itself be moved and borrowed like any other, so
//! `&mut report` works.
//!
//! `Box::pin` makes the same promise, with the future on the heap. Take it when the future has to leave the function: to be
//! returned, stored in a struct, or sent to a task. Here that would be an allocation for nothing.
//!
//! The loop can also be written with `select!` between `&mut report` and an `interval`, or with a pinned `sleep` that is reset.

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
    // Once, and before the loop: inside of it, each turn would order another report.
    let mut report = pin!(archive.report(number));
    loop {
        // When the time is over, `timeout` drops the reference. The report stays, with all that is done of it.
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
