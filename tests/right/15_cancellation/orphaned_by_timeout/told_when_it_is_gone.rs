//! right: The task sends its output, and a sender that was dropped tells that it is gone; the limit is kept by a second task.

use std::time::Duration;

use tokio::sync::oneshot;
use tokio::task::AbortHandle;
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
    let (output, ended) = oneshot::channel();
    let task = tokio::spawn(async move {
        let _ = output.send(job.await);
    });
    let aborts = Aborts(task.abort_handle());
    let clock = tokio::spawn(async move {
        sleep(limit).await;
        drop(aborts);
    });
    // Both go when `run` is dropped: the clock, and with it what aborts the job.
    let _clock = Aborts(clock.abort_handle());
    let output = ended.await;
    match (task.await, output) {
        (Err(error), _) if error.is_panic() => Outcome::Panicked,
        (_, Ok(output)) => Outcome::Done(output),
        (_, Err(_)) => Outcome::TimedOut,
    }
}

struct Aborts(AbortHandle);

impl Drop for Aborts {
    fn drop(&mut self) {
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
