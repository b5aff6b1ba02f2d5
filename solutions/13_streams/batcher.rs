//! Batches of events, by size and by age.
//!
//! A batch has three reasons to leave: it is full, its first event is old enough, or there are no more events. `chunks`
//! knows the first and the last one. The second is a deadline that the first event sets and no other one moves. A timer
//! that each event starts anew would measure the silence between two events, as in `debounce`, and a steady trickle would
//! never end it. A timer that runs from the batch before, or an `interval`, would let batches leave early, or empty.
//!
//! `timeout` around the whole collecting (`timeout(age, events.by_ref().take(size).collect())`) looks shorter, and loses
//! the events that the dropped future had collected. Only `next()` is inside of a timeout here, and it holds nothing.
//!
//! Written by hand, with a `Vec`, an `Option<Pin<Box<Sleep>>>` and a `poll_next`, the same stream needs no future for each
//! batch, and is four times as long. Take `unfold` until a profile says otherwise.

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
    // Fused: the end of the events may come in the middle of a batch, and the next batch asks again.
    stream::unfold(events.fuse(), move |mut events| async move {
        // There is no deadline before there is an event, however long that takes.
        let mut batch = vec![events.next().await?];
        // It counts from the first event, so it is computed once.
        let deadline = Instant::now() + age;
        while batch.len() < size {
            // The timeout drops `next()`, which holds no event. The batch is not inside of it.
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
