//! fails: any_number_is_under_way_at_once
//! says: 2 requests ran in 1 tasks

use std::future::poll_fn;
use std::task::Poll;
use std::time::{Duration, Instant};

use tokio::task::JoinError;

pub async fn ask_all<R>(requests: Vec<R>) -> Result<Vec<u64>, JoinError>
where
    R: Future<Output = u64> + Send + 'static,
{
    tokio::spawn(async move {
        let mut answers = vec![0; requests.len()];
        let mut open: Vec<_> = requests.into_iter().map(Box::pin).enumerate().collect();
        poll_fn(|context| {
            open.retain_mut(|(place, request)| match request.as_mut().poll(context) {
                Poll::Ready(answer) => {
                    answers[*place] = answer;
                    false
                }
                Poll::Pending => true,
            });
            if open.is_empty() { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
        answers
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
