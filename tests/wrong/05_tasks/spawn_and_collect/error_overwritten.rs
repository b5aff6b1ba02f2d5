//! fails: a_panic_comes_back_as_an_error
//! says: Request 2 of 3 panicked, but the error that `ask_all` returned says something else
//!
//! After a panic the others are aborted, and the error that is returned may be the "cancelled" of one of those, not
//! that of the request that panicked.

use std::time::{Duration, Instant};

use tokio::task::{JoinError, JoinSet};

pub async fn ask_all<R>(requests: Vec<R>) -> Result<Vec<u64>, JoinError>
where
    R: Future<Output = u64> + Send + 'static,
{
    let mut set = JoinSet::new();
    for (i, request) in requests.into_iter().enumerate() {
        set.spawn(async move { (i, request.await) });
    }
    let mut answers = vec![0; set.len()];
    let mut failed = None;
    while let Some(outcome) = set.join_next().await {
        match outcome {
            Ok((i, answer)) => answers[i] = answer,
            Err(error) => {
                set.abort_all();
                failed = Some(error);
            }
        }
    }
    match failed {
        Some(error) => Err(error),
        None => Ok(answers),
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
