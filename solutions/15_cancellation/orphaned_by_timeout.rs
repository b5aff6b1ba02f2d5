//! When `run` returns, its job is gone: it has ended, or its future has been dropped.
//!
//! Why a job went on after its timeout: the `timeout` owned the handle. When the time was up, it dropped the handle, and a task whose
//! handle is dropped is detached. `timeout(limit, job)` would have cancelled the job, because then the `timeout` owns the job itself.
//!
//! `abort` alone is not enough. It asks the runtime to drop the future and does not wait for that, so `run` would return while the
//! scratch file is still there. The handle tells when the task is complete, so it is awaited once more. That tells the outcome, too:
//! a job that ended before the abort reached it is `Done`, and only a cancelled task is `TimedOut`.
//!
//! `run` itself may be dropped while it waits. `AbortOnDropHandle` aborts the task in its own drop, and so does a `JoinSet`; a plain
//! `JoinHandle` would detach the task. Nobody waits for it then, because a `drop` cannot await.
//!
//! There are two good ways without an abort at the limit. The timeout can move into the task, `tokio::spawn(timeout(limit, job))`: the
//! task drops its job by itself and then ends, and `run` only awaits the handle. That is shorter, and right where the job is yours to
//! wrap; for a handle that you were given, there is only `abort`. Or `run` does without a task and catches the panic itself, with
//! `catch_unwind` of the `futures` crate. Then dropping `run` drops the job at once. But the job shares the thread with its caller,
//! whose other futures stand still while it computes.

use std::time::Duration;

use tokio::time::{sleep, timeout};
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
    let mut task = AbortOnDropHandle::new(tokio::spawn(job));
    // A reference: when the time is up, the handle is still here.
    let ended = match timeout(limit, &mut task).await {
        Ok(ended) => ended,
        Err(_) => {
            task.abort();
            // Ready when the task is complete, and not before: its future has been dropped by then.
            task.await
        }
    };
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
