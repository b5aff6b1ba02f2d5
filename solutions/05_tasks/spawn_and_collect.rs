//! A dashboard asks several services for a number. `ask_all` takes as long as the slowest one.
//!
//! Why tasks alone did not help: `spawn` starts a task, but the `.await` after it waited for that same task, so the
//! loop came to the second request when the first one had been answered. Spawning makes work concurrent; awaiting a
//! handle makes you wait. So this code spawns everything first.
//!
//! A handle belongs to one task, so if you await the handles in the order of the requests, you get the answers in that
//! order, whichever was ready first. Beware of `requests.into_iter().map(tokio::spawn)` without a `collect`: an
//! iterator is lazy too, and spawns the second task only when the loop asks for it.

use std::time::{Duration, Instant};

use tokio::task::JoinError;

pub async fn ask_all<R>(requests: Vec<R>) -> Result<Vec<u64>, JoinError>
where
    R: Future<Output = u64> + Send + 'static,
{
    // `collect` runs the iterator to its end: from here on, every request is running.
    let tasks: Vec<_> = requests.into_iter().map(tokio::spawn).collect();

    let mut answers = Vec::with_capacity(tasks.len());
    for task in tasks {
        // A panic in a task arrives here as a `JoinError`, and the caller gets it.
        answers.push(task.await?);
    }
    Ok(answers)
}

async fn request(answer: u64, takes: Duration) -> u64 {
    tokio::time::sleep(takes).await;
    answer
}

#[tokio::main]
async fn main() {
    let start = Instant::now();
    let requests = vec![
        request(17, Duration::from_millis(200)),
        request(4, Duration::from_millis(100)),
        request(95, Duration::from_millis(300)),
    ];
    let answers = ask_all(requests).await;
    println!("{answers:?} after {} ms", start.elapsed().as_millis());
}
