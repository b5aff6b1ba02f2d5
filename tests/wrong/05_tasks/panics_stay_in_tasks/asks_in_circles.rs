//! fails: an_aborted_job_is_cancelled
//! says: it keeps asking

use std::any::Any;
use std::future::pending;
use std::time::Duration;

use tokio::task::JoinHandle;

#[derive(Debug, PartialEq)]
pub enum Outcome {
    Done(u32),
    Panicked(String),
    Cancelled,
}

pub async fn report(jobs: Vec<JoinHandle<u32>>) -> Vec<Outcome> {
    while !jobs.iter().all(|job| job.is_finished()) {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let mut outcomes = Vec::new();
    for job in jobs {
        outcomes.push(match job.await {
            Ok(number) => Outcome::Done(number),
            Err(error) if error.is_panic() => Outcome::Panicked(text_of(error.into_panic())),
            Err(_) => Outcome::Cancelled,
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
