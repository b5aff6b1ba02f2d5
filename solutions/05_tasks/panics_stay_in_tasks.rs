//! `report` lists how each job ended: with a number, with the text of its panic, or because it was cancelled.
//!
//! Why one job made the report panic: the runtime catches a panic at the edge of its task, and the other tasks do not
//! notice it. It keeps the payload of the panic and returns it from the handle, as an `Err(JoinError)`. It was the
//! `unwrap` that turned this error into a second panic. A `catch_unwind` around `spawn` would never catch anything: the
//! job runs elsewhere, and later.
//!
//! A `JoinError` has two causes. `into_panic` returns the payload, and panics itself if the task was cancelled, so ask
//! first (or use `try_into_panic`). Its `Display` text is meant for logs; do not parse it.

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

/// The text that was passed to `panic!`. (There is nothing to fix in here.)
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
