//! fails: it_takes_as_long_as_the_slowest
//! says: it keeps asking whether they are done
//!
//! Asks in circles whether all are finished, with a sleep of a millisecond in between; waiting means being woken.

use std::time::{Duration, Instant};

use tokio::task::JoinError;

pub async fn ask_all<R>(requests: Vec<R>) -> Result<Vec<u64>, JoinError>
where
    R: Future<Output = u64> + Send + 'static,
{
    let handles: Vec<_> = requests.into_iter().map(|request| tokio::spawn(request)).collect();
    while !handles.iter().all(|handle| handle.is_finished()) {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let mut answers = Vec::new();
    for handle in handles {
        answers.push(handle.await?);
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
