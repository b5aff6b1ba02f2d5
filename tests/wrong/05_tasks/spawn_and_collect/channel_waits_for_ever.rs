//! fails: a_panic_comes_back_as_an_error
//! says: Request 2 of 3 panicked, and all 3 requests are over by now
//!
//! Counts the answers that come over a channel: the answer of a request that panics never comes, and `ask_all`
//! waits for ever in place of returning the error.

use std::time::{Duration, Instant};

use tokio::sync::mpsc;
use tokio::task::JoinError;

pub async fn ask_all<R>(requests: Vec<R>) -> Result<Vec<u64>, JoinError>
where
    R: Future<Output = u64> + Send + 'static,
{
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let mut handles = Vec::new();
    for (i, request) in requests.into_iter().enumerate() {
        let sender = sender.clone();
        handles.push(tokio::spawn(async move {
            sender.send((i, request.await)).expect("somebody listens");
        }));
    }
    let mut answers = vec![0; handles.len()];
    for _ in 0..answers.len() {
        let (i, answer) = receiver.recv().await.expect("the sender is alive");
        answers[i] = answer;
    }
    for handle in handles {
        handle.await?;
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
