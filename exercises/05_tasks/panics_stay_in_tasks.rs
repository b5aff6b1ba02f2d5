//! Every morning, `report` lists how the jobs of the night ended, in their order: with the
//! number that a job returned, with the text of its panic, or because somebody cancelled
//! it. If a job is still running, `report` waits for it.
//!
//! Last night one job panicked, and then the report panicked too. Nobody learned how the
//! other jobs ended.

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
        let number = job.await.unwrap();
        outcomes.push(Outcome::Done(number));
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
