//! fails: waiting_costs_nothing
//! says: it wakes up again and again to check
//!
//! Asks every 10 ms whether the job is finished.

use std::time::Duration;

use tokio::time::sleep;
use tokio_util::task::AbortOnDropHandle;

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
    let task = AbortOnDropHandle::new(tokio::spawn(job));
    let start = tokio::time::Instant::now();
    while !task.is_finished() && start.elapsed() < limit {
        sleep(Duration::from_millis(10).min(limit - start.elapsed())).await;
    }
    task.abort();
    let ended = task.await;
    match ended {
        Ok(output) => Outcome::Done(output),
        Err(error) if error.is_cancelled() => Outcome::TimedOut,
        Err(_) => Outcome::Panicked,
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
