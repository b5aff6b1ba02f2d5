//! Room for a whole batch from the beginning, and a timer that is polled after the events.

use std::pin::pin;
use std::time::{Duration, Instant};

use futures::{Stream, StreamExt, stream};
use tokio::time::{interval, sleep};

/// `size` is between 1 and 1,000, and `age` is at least 1 ms.
pub fn batches(
    events: impl Stream<Item = String> + Unpin + Send + 'static,
    size: usize,
    age: Duration,
) -> impl Stream<Item = Vec<String>> {
    stream::unfold(Some(events), move |events| async move {
        let mut events = events?;
        let first = events.next().await?;
        let mut batch = Vec::with_capacity(size);
        batch.push(first);
        let mut timer = pin!(sleep(age));
        while batch.len() < size {
            tokio::select! {
                biased;
                event = events.next() => match event {
                    Some(event) => batch.push(event),
                    None => return Some((batch, None)),
                },
                () = &mut timer => break,
            }
        }
        Some((batch, Some(events)))
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
