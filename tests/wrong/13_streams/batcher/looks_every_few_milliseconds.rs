//! fails: waiting_costs_nothing
//! says: again and again

use std::pin::pin;
use std::time::Duration;

use futures::{Stream, StreamExt, stream};
use tokio::time::{Instant, interval, timeout};

/// `size` is between 1 and 1,000, and `age` is at least 1 ms.
pub fn batches(
    events: impl Stream<Item = String> + Unpin + Send + 'static,
    size: usize,
    age: Duration,
) -> impl Stream<Item = Vec<String>> {
    stream::unfold(Some(events), move |events| async move {
        let mut events = events?;
        let mut batch: Vec<String> = Vec::new();
        let mut begun = Instant::now();
        loop {
            match timeout(Duration::from_millis(1), events.next()).await {
                Ok(Some(event)) => {
                    if batch.is_empty() {
                        begun = Instant::now();
                    }
                    batch.push(event);
                }
                Ok(None) if batch.is_empty() => return None,
                Ok(None) => return Some((batch, None)),
                Err(_) => {}
            }
            if batch.len() == size || (!batch.is_empty() && begun.elapsed() >= age) {
                return Some((batch, Some(events)));
            }
        }
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
