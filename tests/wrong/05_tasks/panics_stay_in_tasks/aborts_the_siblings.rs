//! fails: the_other_jobs_are_told_too
//! says: healthy jobs were stopped before the end

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
    let handles: Vec<_> = jobs.iter().map(|job| job.abort_handle()).collect();
    for job in jobs {
        let outcome = match job.await {
            Ok(number) => Outcome::Done(number),
            Err(error) if error.is_cancelled() => Outcome::Cancelled,
            Err(error) => Outcome::Panicked(text_of(error.into_panic())),
        };
        if let Outcome::Panicked(_) = outcome {
            handles.iter().for_each(|handle| handle.abort());
        }
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
