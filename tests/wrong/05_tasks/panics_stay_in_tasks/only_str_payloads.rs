//! fails: a_panic_is_an_outcome
//! says: , put together at run time, but the report says Panicked("no text")
//!
//! Looks for a `&str` in the payload only: the text of `panic!("disk {n} is full")`, a `String`, is lost.

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
            Err(error) if error.is_cancelled() => Outcome::Cancelled,
            Err(error) => {
                let payload = error.into_panic();
                let text = payload.downcast_ref::<&str>().copied().unwrap_or("no text");
                Outcome::Panicked(text.to_owned())
            }
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
