//! fails: it_takes_as_long_as_the_slowest
//! says: `ask_all` panicked before it was done

use std::time::{Duration, Instant};
use tokio::task::JoinSet;

use tokio::task::JoinError;

pub async fn ask_all<R>(requests: Vec<R>) -> Result<Vec<u64>, JoinError>
where
    R: Future<Output = u64> + Send + 'static,
{
    let mut tasks = JoinSet::new();
    let mut answers = vec![0; requests.len()];
    for (place, request) in requests.into_iter().enumerate() {
        tasks.spawn(async move { (place, request.await) });
    }
    while answers.contains(&0) {
        let (place, answer) = tasks.join_next().await.expect("one answer is missing")?;
        answers[place] = answer;
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
