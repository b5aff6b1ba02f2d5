//! fails: calls_do_not_wait_for_each_other
//! says: was not done before the first

// Collects the answers in a `static` under a lock: a second dashboard waits until the first has all of its answers.

use std::time::{Duration, Instant};

use tokio::sync::Mutex;
use tokio::task::JoinError;

pub async fn ask_all<R>(requests: Vec<R>) -> Result<Vec<u64>, JoinError>
where
    R: Future<Output = u64> + Send + 'static,
{
    // `collect` runs the iterator to its end: from here on, every request is under way.
    let tasks: Vec<_> = requests.into_iter().map(tokio::spawn).collect();

    static ANSWERS: Mutex<Vec<u64>> = Mutex::const_new(Vec::new());
    let mut answers = ANSWERS.lock().await;
    answers.clear();
    for task in tasks {
        // A panic in a task arrives here as a `JoinError`, and the caller gets it.
        answers.push(task.await?);
    }
    Ok(std::mem::take(&mut answers))
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
