//! fails: calls_do_not_wait_for_each_other
//! says: was not done before the first

// Collects the outcomes in a `static` under a lock: a second report waits for the jobs of the first.

use std::any::Any;
use std::future::pending;

use tokio::sync::Mutex;
use tokio::task::JoinHandle;

#[derive(Debug, PartialEq)]
pub enum Outcome {
    Done(u32),
    Panicked(String),
    Cancelled,
}

pub async fn report(jobs: Vec<JoinHandle<u32>>) -> Vec<Outcome> {
    static OUTCOMES: Mutex<Vec<Outcome>> = Mutex::const_new(Vec::new());
    let mut outcomes = OUTCOMES.lock().await;
    for job in jobs {
        let outcome = match job.await {
            Ok(number) => Outcome::Done(number),
            Err(error) if error.is_panic() => Outcome::Panicked(text_of(error.into_panic())),
            // No value and no panic: the task was aborted, or its runtime was shut down.
            Err(_) => Outcome::Cancelled,
        };
        outcomes.push(outcome);
    }
    std::mem::take(&mut outcomes)
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
