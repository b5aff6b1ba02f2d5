//! right: `select!` between the handle and a timer, and a guard of its own for the drop.

use std::time::Duration;

use tokio::select;
use tokio::task::JoinHandle;
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
    let mut task = Task(tokio::spawn(job));
    let ended = select! {
        biased;
        ended = &mut task.0 => ended,
        () = sleep(limit) => {
            task.0.abort();
            (&mut task.0).await
        }
    };
    match ended {
        Ok(output) => Outcome::Done(output),
        Err(error) => {
            if error.is_panic() {
                Outcome::Panicked
            } else {
                Outcome::TimedOut
            }
        }
    }
}

struct Task<T>(JoinHandle<T>);

impl<T> Drop for Task<T> {
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
