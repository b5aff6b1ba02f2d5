//! fails: at_the_limit_the_job_is_gone
//! says: and its job had not been dropped yet: the scratch file was still there. An abort is a request
//!
//! The set is dropped, which aborts the job, but nobody waits: the job need not be gone when `run` returns.

use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

#[derive(Debug, PartialEq)]
pub enum Outcome<T> {
    Done(T),
    Panicked,
    TimedOut,
}

/// `limit` is any duration, and counts from the first poll.
pub async fn run<T: Send + 'static>(
    job: impl Future<Output = T> + Send + 'static,
    limit: Duration,
) -> Outcome<T> {
    let mut tasks = JoinSet::new();
    tasks.spawn(job);
    match timeout(limit, tasks.join_next()).await {
        Ok(Some(Ok(output))) => Outcome::Done(output),
        Ok(_) => Outcome::Panicked,
        Err(_) => Outcome::TimedOut,
    }
}

/// Removes the file when it is dropped.
struct Scratch(&'static str);

impl Drop for Scratch {
    fn drop(&mut self) {
        println!("  {}: the scratch file is removed", self.0);
    }
}

async fn convert(name: &'static str, parts: u32) -> u32 {
    let _scratch = Scratch(name);
    for part in 1..=parts {
        println!("  {name}: part {part} of {parts}");
        sleep(Duration::from_millis(200)).await;
    }
    parts
}

#[tokio::main]
async fn main() {
    for (name, parts) in [("holidays", 2), ("wedding", 6), ("birthday", 1)] {
        let outcome = run(convert(name, parts), Duration::from_millis(500)).await;
        println!("{name}: {outcome:?}");
    }
    sleep(Duration::from_secs(1)).await;
}
