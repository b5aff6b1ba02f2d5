//! fails: any_limit_and_any_output
//! says: `run` panicked: overflow when adding duration to instant
//!
//! `limit` is any duration: with `Duration::MAX` the sum panics.

use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout_at};

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
    let deadline = Instant::now() + limit;
    let mut tasks = JoinSet::new();
    tasks.spawn(job);
    let ended = match timeout_at(deadline, tasks.join_next()).await {
        Ok(ended) => ended,
        Err(_) => {
            tasks.abort_all();
            tasks.join_next().await
        }
    };
    match ended.expect("there is one task") {
        Ok(output) => Outcome::Done(output),
        Err(error) if error.is_panic() => Outcome::Panicked,
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
