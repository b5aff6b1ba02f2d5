//! fails: the_age_counts_from_the_first_event
//! says: too early
//!
//! A batch that is full leaves its timer to the next one.

use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};
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
            match this.events.poll_next_unpin(cx) {
                Poll::Ready(Some(event)) => {
                    let age = this.age;
                    this.timer.get_or_insert_with(|| Box::pin(sleep(age)));
                    this.batch.push(event);
                    if this.batch.len() == this.size {
                        return Poll::Ready(Some(std::mem::take(&mut this.batch)));
                    }
                }
                Poll::Ready(None) if this.batch.is_empty() => return Poll::Ready(None),
                Poll::Ready(None) => return Poll::Ready(Some(std::mem::take(&mut this.batch))),
                Poll::Pending => {
                    let Some(timer) = &mut this.timer else { return Poll::Pending };
                    ready!(timer.as_mut().poll(cx));
                    this.timer = None;
                    if !this.batch.is_empty() {
                        return Poll::Ready(Some(std::mem::take(&mut this.batch)));
                    }
                }
            }
        }
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
