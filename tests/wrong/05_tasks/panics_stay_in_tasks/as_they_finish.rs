//! fails: the_other_jobs_are_told_too
//! says: but not in the order of the jobs
//!
//! The outcomes come in the order in which the jobs end, not in that of the jobs.

use std::any::Any;
use std::future::pending;

use tokio::task::{JoinHandle, JoinSet};

#[derive(Debug, PartialEq)]
pub enum Outcome {
    Done(u32),
    Panicked(String),
    Cancelled,
}

pub async fn report(jobs: Vec<JoinHandle<u32>>) -> Vec<Outcome> {
    let mut set = JoinSet::new();
    for job in jobs {
        set.spawn(job);
    }
    let mut outcomes = Vec::new();
    while let Some(Ok(result)) = set.join_next().await {
        outcomes.push(match result {
            Ok(number) => Outcome::Done(number),
            Err(error) if error.is_cancelled() => Outcome::Cancelled,
            Err(error) => Outcome::Panicked(text_of(error.into_panic())),
        });
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
