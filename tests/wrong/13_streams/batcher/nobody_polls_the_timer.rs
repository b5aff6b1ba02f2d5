//! fails: a_batch_leaves_when_it_is_old_enough
//! says: should have left
//!
//! It asks whether the timer is over, when something else wakes it.

use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use futures::stream::Fuse;
use futures::{Stream, StreamExt, stream};
use tokio::time::{Sleep, interval, sleep};

struct Batches<E> {
    events: Fuse<E>,
    size: usize,
    age: Duration,
    batch: Vec<String>,
    timer: Option<Pin<Box<Sleep>>>,
}

impl<E: Stream<Item = String> + Unpin> Stream for Batches<E> {
    type Item = Vec<String>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Vec<String>>> {
        let this = &mut *self;
        loop {
            if this.timer.as_ref().is_some_and(|timer| timer.is_elapsed()) {
                break;
            }
            match this.events.poll_next_unpin(cx) {
                Poll::Ready(Some(event)) => {
                    if this.batch.is_empty() {
                        this.timer = Some(Box::pin(sleep(this.age)));
                    }
                    this.batch.push(event);
                    if this.batch.len() == this.size {
                        break;
                    }
                }
                Poll::Ready(None) if this.batch.is_empty() => return Poll::Ready(None),
                Poll::Ready(None) => break,
                Poll::Pending => return Poll::Pending,
            }
        }
        this.timer = None;
        Poll::Ready(Some(std::mem::take(&mut this.batch)))
    }
}

/// `size` is between 1 and 1,000, and `age` is at least 1 ms.
pub fn batches(
    events: impl Stream<Item = String> + Unpin + Send + 'static,
    size: usize,
    age: Duration,
) -> impl Stream<Item = Vec<String>> {
    Batches { events: events.fuse(), size, age, batch: Vec::new(), timer: None }
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
