//! A watcher for each job in a `JoinSet`, its outcome goes to its place in the list.

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
    let mut outcomes = Vec::new();
    let mut watchers = JoinSet::new();
    for (i, job) in jobs.into_iter().enumerate() {
        outcomes.push(None);
        watchers.spawn(async move { (i, job.await) });
    }
    while let Some(watched) = watchers.join_next().await {
        let (i, result) = watched.expect("a watcher does not panic");
        let outcome;
        if let Ok(number) = result {
            outcome = Outcome::Done(number);
        } else {
            let error = result.unwrap_err();
            if error.is_cancelled() {
                outcome = Outcome::Cancelled;
            } else {
                outcome = Outcome::Panicked(text_of(error.into_panic()));
            }
        }
        outcomes[i] = Some(outcome);
    }
    outcomes.into_iter().map(|outcome| outcome.unwrap()).collect()
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
