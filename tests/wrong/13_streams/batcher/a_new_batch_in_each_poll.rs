//! fails: next_may_be_dropped
//! says: was never yielded
//!
//! The batch is a variable of one poll.

use std::pin::pin;
use std::task::{Poll, ready};
use std::time::{Duration, Instant};

use futures::{Stream, StreamExt, stream};
use tokio::time::{interval, sleep};

/// `size` is between 1 and 1,000, and `age` is at least 1 ms.
pub fn batches(
    events: impl Stream<Item = String> + Unpin + Send + 'static,
    size: usize,
    age: Duration,
) -> impl Stream<Item = Vec<String>> {
    let mut events = events.fuse();
    let mut making = None;
    stream::poll_fn(move |cx| {
        let mut batch: Vec<String> = Vec::new();
        loop {
            match events.poll_next_unpin(cx) {
                Poll::Ready(Some(event)) => {
                    if batch.is_empty() {
                        making = Some(Box::pin(sleep(age)));
                    }
                    batch.push(event);
                    if batch.len() == size {
                        return Poll::Ready(Some(batch));
                    }
                }
                Poll::Ready(None) if batch.is_empty() => return Poll::Ready(None),
                Poll::Ready(None) => return Poll::Ready(Some(batch)),
                Poll::Pending => {
                    let Some(timer) = &mut making else { return Poll::Pending };
                    ready!(timer.as_mut().poll(cx));
                    making = None;
                    if !batch.is_empty() {
                        return Poll::Ready(Some(batch));
                    }
                }
            }
        }
    })
}

#[tokio::main]
async fn main() {
    let start = Instant::now();
    let ticks = interval(Duration::from_millis(300));
    let events = stream::unfold((1, ticks), |(number, mut ticks)| async move {
        ticks.tick().await;
        (number <= 12).then(|| (format!("event {number}"), (number + 1, ticks)))
    });
    let mut batches = pin!(batches(Box::pin(events), 5, Duration::from_secs(1)));
    while let Some(batch) = batches.next().await {
        println!("{:>5} ms  {batch:?}", start.elapsed().as_millis());
    }
}
