//! fails: another_task_may_go_on
//! says: which was never woken

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use tokio::task::{JoinError, JoinHandle};

/// Waits for a task, with a waker of the caller.
async fn wait<T>(mut task: JoinHandle<T>, waker: &Waker) -> Result<T, JoinError> {
    poll_fn(|_| Pin::new(&mut task).poll(&mut Context::from_waker(waker))).await
}

pub async fn ask_all<R>(requests: Vec<R>) -> Result<Vec<u64>, JoinError>
where
    R: Future<Output = u64> + Send + 'static,
{
    let tasks: Vec<_> = requests.into_iter().map(tokio::spawn).collect();

    let mut answers = Vec::with_capacity(tasks.len());
    // It is the same waker each time.
    let waker = poll_fn(|context| Poll::Ready(context.waker().clone())).await;
    for task in tasks {
        answers.push(wait(task, &waker).await?);
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
