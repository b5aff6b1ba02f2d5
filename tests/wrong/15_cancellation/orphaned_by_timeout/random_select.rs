//! fails: a_late_poll_loses_nothing
//! says: `run` was polled after that limit, and returned TimedOut. Look at the outcome before you look
//!
//! An unbiased race with a `sleep`: polled late, a job that ended within the limit is now and then `TimedOut`.

use std::time::Duration;

use tokio::select;
use tokio::task::JoinSet;
use tokio::time::sleep;

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
    select! {
        Some(ended) = tasks.join_next() => {
            match ended {
                Ok(output) => Outcome::Done(output),
                Err(_) => Outcome::Panicked,
            }
        }
        () = sleep(limit) => {
            tasks.shutdown().await;
            Outcome::TimedOut
        }
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
