//! fails: any_number_of_jobs_is_told
//! says: mpsc bounded channel requires buffer > 0

use std::any::Any;
use std::future::pending;

use tokio::sync::mpsc;
use tokio::task::JoinHandle;

#[derive(Debug, PartialEq)]
pub enum Outcome {
    Done(u32),
    Panicked(String),
    Cancelled,
}

pub async fn report(jobs: Vec<JoinHandle<u32>>) -> Vec<Outcome> {
    let (tell, mut told) = mpsc::channel(jobs.len());
    let mut outcomes: Vec<Option<Outcome>> = Vec::new();
    for (place, job) in jobs.into_iter().enumerate() {
        outcomes.push(None);
        let tell = tell.clone();
        tokio::spawn(async move {
            let outcome = match job.await {
                Ok(number) => Outcome::Done(number),
                Err(error) if error.is_panic() => Outcome::Panicked(text_of(error.into_panic())),
                Err(_) => Outcome::Cancelled,
            };
            let _ = tell.send((place, outcome)).await;
        });
    }
    drop(tell);
    while let Some((place, outcome)) = told.recv().await {
        outcomes[place] = Some(outcome);
    }
    outcomes.into_iter().flatten().collect()
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
