//! fails: a_full_batch_leaves_at_once
//! says: events, and

use std::pin::pin;
use std::time::Duration;

use futures::{Stream, StreamExt, stream};
use tokio::time::{Instant, interval, timeout_at};

/// `size` is between 1 and 1,000, and `age` is at least 1 ms.
pub fn batches(
    events: impl Stream<Item = String> + Unpin + Send + 'static,
    size: usize,
    age: Duration,
) -> impl Stream<Item = Vec<String>> {
    let _ = size;
    stream::unfold(events.fuse(), move |mut events| async move {
        let mut batch = vec![events.next().await?];
        let deadline = Instant::now() + age;
        while batch.len() < 10 {
            let Ok(Some(event)) = timeout_at(deadline, events.next()).await else { break };
            batch.push(event);
        }
        Some((batch, events))
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
