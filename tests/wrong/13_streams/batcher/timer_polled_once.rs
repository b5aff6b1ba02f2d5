//! fails: logs_are_independent
//! says: until then, the task that had polled last was not woken. Each poll brings the waker that counts
//!
//! Each poll may come from another task: the timer keeps the waker of the poll in which it was made.

use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::{Duration, Instant};

use futures::{Stream, StreamExt, stream};
use tokio::time::{Sleep, interval, sleep};

/// `size` is at least 1, and `age` at least 1 ms.
pub fn batches(
    events: impl Stream<Item = String> + Unpin + Send + 'static,
    size: usize,
    age: Duration,
) -> impl Stream<Item = Vec<String>> {
    let mut events = events.fuse();
    let mut batch: Vec<String> = Vec::new();
    let mut timer: Option<Pin<Box<Sleep>>> = None;
    let mut ended = false;
    stream::poll_fn(move |cx| {
        if ended {
            return Poll::Ready(None);
        }
        loop {
            match events.poll_next_unpin(cx) {
                Poll::Ready(Some(event)) => {
                    batch.push(event);
                    if batch.len() == size {
                        timer = None;
                        return Poll::Ready(Some(std::mem::take(&mut batch)));
                    }
                    if batch.len() == 1 {
                        let mut sleep = Box::pin(sleep(age));
                        // Registers the waker.
                        let _ = sleep.as_mut().poll(cx);
                        timer = Some(sleep);
                    }
                }
                Poll::Ready(None) => {
                    ended = true;
                    timer = None;
                    if batch.is_empty() {
                        return Poll::Ready(None);
                    }
                    return Poll::Ready(Some(std::mem::take(&mut batch)));
                }
                Poll::Pending => break,
            }
        }
        if timer.as_ref().is_some_and(|timer| timer.is_elapsed()) {
            timer = None;
            return Poll::Ready(Some(std::mem::take(&mut batch)));
        }
        Poll::Pending
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
