//! The adapters of `StreamExt`: the batch outlives the future that fills it.

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
        let mut batch = vec![events.next().await?];
        let mut ended = false;
        if batch.len() < size {
            let timer = pin!(sleep(age));
            let mut more = events.by_ref().map(Some).chain(stream::iter([None])).take_until(timer);
            while let Some(event) = more.next().await {
                match event {
                    Some(event) => batch.push(event),
                    None => {
                        ended = true;
                        break;
                    }
                }
                if batch.len() == size {
                    break;
                }
            }
        }
        Some((batch, (!ended).then_some(events)))
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
