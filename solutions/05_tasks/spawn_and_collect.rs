//! A dashboard asks several services for a number. `ask_all` takes as long as the slowest one.
//!
//! Why tasks alone did not help: `spawn` starts a task, and the `.await` right behind it waits for that very task, so
//! the loop came to the second request when the first was answered. Spawning is what makes work concurrent; awaiting a
//! handle is what makes it wait. Here all the spawning comes first.
//!
//! A handle is bound to its task, so awaiting the handles in the order of the requests gives the answers in that order,
//! whichever was first. Beware of `requests.into_iter().map(tokio::spawn)` without a `collect`: an iterator is lazy too,
//! and spawns the second task when the loop asks for it.

use std::time::{Duration, Instant};

use tokio::task::JoinError;

pub async fn ask_all<R>(requests: Vec<R>) -> Result<Vec<u64>, JoinError>
where
    R: Future<Output = u64> + Send + 'static,
{
    // `collect` runs the iterator to its end: from here on, every request is under way.
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
