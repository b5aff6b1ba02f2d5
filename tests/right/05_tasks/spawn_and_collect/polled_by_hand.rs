//! All handles are polled by hand in one `poll_fn`.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::time::{Duration, Instant};

use tokio::task::JoinError;

pub async fn ask_all<R>(requests: Vec<R>) -> Result<Vec<u64>, JoinError>
where
    R: Future<Output = u64> + Send + 'static,
{
    let mut handles = Vec::new();
    let mut answers = Vec::new();
    for request in requests {
        handles.push(tokio::spawn(request));
        answers.push(None);
    }
    poll_fn(|cx| {
        for i in 0..handles.len() {
            if answers[i].is_none() {
                match Pin::new(&mut handles[i]).poll(cx) {
                    Poll::Ready(Ok(answer)) => answers[i] = Some(answer),
                    Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                    Poll::Pending => {}
                }
            }
        }
        if answers.iter().any(|answer| answer.is_none()) {
            return Poll::Pending;
        }
        Poll::Ready(Ok(answers.iter().map(|answer| answer.unwrap()).collect()))
    })
    .await
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
