//! A dashboard asks several services for a number. `ask_all` returns the answers in the
//! order of the requests, and should take as long as the slowest request. If a request
//! panics, `ask_all` returns its error (if several panic, any of their errors); then it
//! does not matter what happens to the other requests.
//!
//! Each request runs in a separate task, and has to stay in one. But `cargo run` needs
//! about 600 ms, and the slowest request needs only 300 ms.

use std::time::{Duration, Instant};

use tokio::task::JoinError;

pub async fn ask_all<R>(requests: Vec<R>) -> Result<Vec<u64>, JoinError>
where
    R: Future<Output = u64> + Send + 'static,
{
    let mut answers = Vec::new();
    for request in requests {
        answers.push(tokio::spawn(request).await?);
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
