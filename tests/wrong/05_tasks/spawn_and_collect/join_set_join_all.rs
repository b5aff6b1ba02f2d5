//! fails: answers_keep_the_order_of_the_requests
//! says: Results belong to the wrong jobs
//!
//! `join_all` of a `JoinSet` gives the answers in the order in which the requests end, and panics where an error is
//! to be returned.

use std::time::{Duration, Instant};

use tokio::task::{JoinError, JoinSet};

pub async fn ask_all<R>(requests: Vec<R>) -> Result<Vec<u64>, JoinError>
where
    R: Future<Output = u64> + Send + 'static,
{
    let mut set = JoinSet::new();
    for request in requests {
        set.spawn(request);
    }
    Ok(set.join_all().await)
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
