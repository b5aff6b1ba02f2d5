//! fails: any_number_is_under_way_at_once
//! says: At most 50 of
//!
//! Goes through the requests fifty at a time: with more of them it takes longer than the slowest one.

use std::time::{Duration, Instant};

use tokio::task::JoinError;

pub async fn ask_all<R>(requests: Vec<R>) -> Result<Vec<u64>, JoinError>
where
    R: Future<Output = u64> + Send + 'static,
{
    let mut answers = Vec::new();
    let mut requests = requests.into_iter();
    loop {
        let handles: Vec<_> = requests.by_ref().take(50).map(tokio::spawn).collect();
        if handles.is_empty() {
            return Ok(answers);
        }
        for handle in handles {
            answers.push(handle.await?);
        }
    }
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
