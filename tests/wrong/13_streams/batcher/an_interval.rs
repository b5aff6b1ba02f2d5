//! fails: the_age_counts_from_the_first_event
//! says: empty batch

use std::pin::pin;
use std::time::{Duration, Instant};

use futures::{Stream, StreamExt, stream};
use tokio::time::interval;

/// `size` is between 1 and 1,000, and `age` is at least 1 ms.
pub fn batches(
    events: impl Stream<Item = String> + Unpin + Send + 'static,
    size: usize,
    age: Duration,
) -> impl Stream<Item = Vec<String>> {
    let state = (events.fuse(), interval(age));
    stream::unfold(state, move |(mut events, mut ticks)| async move {
        let mut batch = Vec::new();
        loop {
            tokio::select! {
                event = events.next() => match event {
                    Some(event) => {
                        batch.push(event);
                        if batch.len() == size {
                            break;
                        }
                    }
                    None if batch.is_empty() => return None,
                    None => break,
                },
                _ = ticks.tick() => break,
            }
        }
        Some((batch, (events, ticks)))
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
