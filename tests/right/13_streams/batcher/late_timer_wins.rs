//! Unfold; a timer made after the first event, looked at before more events are taken.

use std::pin::pin;
use std::time::{Duration, Instant};

use futures::{Stream, StreamExt, stream};
use tokio::time::{interval, sleep};

/// `size` is at least 1, and `age` at least 1 ms.
pub fn batches(
    events: impl Stream<Item = String> + Unpin + Send + 'static,
    size: usize,
    age: Duration,
) -> impl Stream<Item = Vec<String>> {
    stream::unfold(Some(events), move |events| async move {
        let mut events = events?;
        let mut batch = vec![events.next().await?];
        let mut timer = pin!(sleep(age));
        while batch.len() < size {
            tokio::select! {
                biased;
                () = &mut timer => break,
                event = events.next() => match event {
                    Some(event) => batch.push(event),
                    None => return Some((batch, None)),
                },
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
