//! The timeout is inside of the task and drops the job there; a guard aborts the task if `run` is dropped.

use std::time::Duration;

use tokio::task::AbortHandle;
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
    // The time begins here, and not when the task is polled.
    let limited = timeout(limit, job);
    let task = tokio::spawn(limited);
    let guard = AbortOnDrop(task.abort_handle());
    let ended = task.await;
    drop(guard);
    match ended {
        Ok(Ok(output)) => Outcome::Done(output),
        Ok(Err(_elapsed)) => Outcome::TimedOut,
        Err(error) => {
            if error.is_panic() {
                Outcome::Panicked
            } else {
                Outcome::TimedOut
            }
        }
    }
}

struct AbortOnDrop(AbortHandle);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        // Does nothing if the task has ended.
        self.0.abort();
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
