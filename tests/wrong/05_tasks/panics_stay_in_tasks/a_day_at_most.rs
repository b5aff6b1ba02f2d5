//! fails: the_other_jobs_are_told_too
//! says: A healthy job was stopped before the end, after 25 h

// `report` waits for a job that is still at work, a month perhaps; after a day it is cancelled here.

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
    for mut job in jobs {
        let day = std::time::Duration::from_secs(24 * 60 * 60);
        outcomes.push(match tokio::time::timeout(day, &mut job).await {
            Err(_) => {
                job.abort();
                Outcome::Cancelled
            }
            Ok(Ok(number)) => Outcome::Done(number),
            Ok(Err(error)) if error.is_cancelled() => Outcome::Cancelled,
            Ok(Err(error)) => Outcome::Panicked(text_of(error.into_panic())),
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
