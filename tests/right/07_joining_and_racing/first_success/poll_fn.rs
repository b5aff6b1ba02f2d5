//! By hand: a replica that has failed is not polled again.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::time::{Duration, Instant};

use tokio::time::sleep;

/// No replica has answered.
#[derive(Debug, PartialEq)]
pub struct AllFailed;

type Request<E> = Pin<Box<dyn Future<Output = Result<u32, E>> + Send>>;

pub async fn seats_left<E: Send + 'static>(
    north: impl Future<Output = Result<u32, E>> + Send + 'static,
    south: impl Future<Output = Result<u32, E>> + Send + 'static,
    west: impl Future<Output = Result<u32, E>> + Send + 'static,
) -> Result<u32, AllFailed> {
    let mut requests: Vec<Request<E>> = vec![Box::pin(north), Box::pin(south), Box::pin(west)];
    poll_fn(|context| {
        let mut at = 0;
        while at < requests.len() {
            match requests[at].as_mut().poll(context) {
                Poll::Ready(Ok(seats)) => return Poll::Ready(Ok(seats)),
                Poll::Ready(Err(_)) => drop(requests.remove(at)),
                Poll::Pending => at += 1,
            }
        }
        if requests.is_empty() { Poll::Ready(Err(AllFailed)) } else { Poll::Pending }
    })
    .await
}

async fn ask(takes: u64, answer: Result<u32, &'static str>) -> Result<u32, &'static str> {
    sleep(Duration::from_millis(takes)).await;
    answer
}

#[tokio::main]
async fn main() {
    let start = Instant::now();
    let seats = seats_left(ask(10, Err("north is down")), ask(50, Ok(3)), ask(400, Ok(3))).await;
    println!("{seats:?} after {} ms", start.elapsed().as_millis());
}
