//! fails: a_panic_comes_back_as_an_error
//! says: as if nothing had happened. Awaiting its `JoinHandle` gives an `Err`: return that

// When a request panics, `ask_all` returns its error; here it returns the answers before it, as `Ok`.

use std::time::{Duration, Instant};

use tokio::task::JoinError;

pub async fn ask_all<R>(requests: Vec<R>) -> Result<Vec<u64>, JoinError>
where
    R: Future<Output = u64> + Send + 'static,
{
    let handles: Vec<_> = requests.into_iter().map(tokio::spawn).collect();
    let mut answers = Vec::new();
    for handle in handles {
        match handle.await {
            Ok(answer) => answers.push(answer),
            Err(_) => break,
        }
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
