//! `From` for the result of a handle; the handles are awaited in order.

use std::any::Any;
use std::future::pending;

use tokio::task::{JoinError, JoinHandle};

#[derive(Debug, PartialEq)]
pub enum Outcome {
    Done(u32),
    Panicked(String),
    Cancelled,
}

impl From<Result<u32, JoinError>> for Outcome {
    fn from(result: Result<u32, JoinError>) -> Self {
        match result {
            Ok(number) => Self::Done(number),
            Err(error) if error.is_panic() => Self::Panicked(text_of(error.into_panic())),
            Err(_) => Self::Cancelled,
        }
    }
}

pub async fn report(jobs: Vec<JoinHandle<u32>>) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for job in jobs {
        outcomes.push(job.await.into());
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
