//! fails: another_task_may_go_on
//! says: which was never woken

use std::any::Any;
use std::future::{pending, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use tokio::task::{JoinError, JoinHandle};

#[derive(Debug, PartialEq)]
pub enum Outcome {
    Done(u32),
    Panicked(String),
    Cancelled,
}

/// Waits for a task, with a waker of the caller.
async fn wait<T>(mut task: JoinHandle<T>, waker: &Waker) -> Result<T, JoinError> {
    poll_fn(|_| Pin::new(&mut task).poll(&mut Context::from_waker(waker))).await
}

pub async fn report(jobs: Vec<JoinHandle<u32>>) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    // It is the same waker each time.
    let waker = poll_fn(|context| Poll::Ready(context.waker().clone())).await;
    for job in jobs {
        let outcome = match wait(job, &waker).await {
            Ok(number) => Outcome::Done(number),
            Err(error) if error.is_panic() => Outcome::Panicked(text_of(error.into_panic())),
            Err(_) => Outcome::Cancelled,
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
