//! `report` tells what became of each job: the number that it came to, the text of its panic, or that it was cancelled.
//!
//! Why one job took the report down: the runtime catches a panic at the edge of its task, and the other tasks do not
//! notice. The panic's payload is kept for whoever awaits the handle, as an `Err(JoinError)`. It was the `unwrap` that
//! started a second panic, here, out of the error. A `catch_unwind` around `spawn` would never see anything: the job runs
//! elsewhere, and later.
//!
//! A `JoinError` has two causes. `into_panic` gives the payload, and panics itself if the task was cancelled, so ask
//! first (or use `try_into_panic`). Its `Display` text is for logs, not for taking apart.

use std::any::Any;
use std::future::pending;

use tokio::task::JoinHandle;

#[derive(Debug, PartialEq)]
pub enum Outcome {
    Done(u32),
    Panicked(String),
    Cancelled,
}

pub async fn report(jobs: Vec<JoinHandle<u32>>) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for job in jobs {
        let outcome = match job.await {
            Ok(number) => Outcome::Done(number),
            Err(error) if error.is_panic() => Outcome::Panicked(text_of(error.into_panic())),
            // No value and no panic: the task was aborted, or its runtime was shut down.
            Err(_) => Outcome::Cancelled,
        };
        outcomes.push(outcome);
    }
    outcomes
}

/// The text that was given to `panic!`. (Nothing is wrong in here.)
pub fn text_of(payload: Box<dyn Any + Send>) -> String {
    match payload.downcast::<String>() {
        Ok(text) => *text,
        Err(payload) => payload.downcast_ref::<&str>().unwrap_or(&"no text").to_string(),
    }
}

#[tokio::main]
async fn main() {
    let jobs = vec![
        tokio::spawn(async { 12 }),
        tokio::spawn(async { panic!("the disk is full") }),
        tokio::spawn(pending()),
    ];
    jobs[2].abort();
    println!("{:?}", report(jobs).await);
}
