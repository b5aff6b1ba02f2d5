//! fails: the_server_may_ask_late
//! says: The stream of `batches` panicked: overflow when subtracting durations
//!
//! A consumer that polls late, after the age has passed and with an event there, gets a panic (age - elapsed) and not the batch.

use std::pin::pin;
use std::time::{Duration, Instant};

use futures::{Stream, StreamExt, stream};
use tokio::time::{interval, timeout};

/// `size` is at least 1, and `age` at least 1 ms.
pub fn batches(
    events: impl Stream<Item = String> + Unpin + Send + 'static,
    size: usize,
    age: Duration,
) -> impl Stream<Item = Vec<String>> {
    stream::unfold(Some(events), move |events| async move {
        let mut events = events?;
        let mut batch = vec![events.next().await?];
        let begun = tokio::time::Instant::now();
        while batch.len() < size {
            match timeout(age - begun.elapsed(), events.next()).await {
                Ok(Some(event)) => batch.push(event),
                Ok(None) => return Some((batch, None)),
                Err(_) => break,
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
