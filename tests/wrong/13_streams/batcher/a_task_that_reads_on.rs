//! fails: it_holds_one_batch_at_most
//! says: had taken

use std::pin::pin;
use std::time::Duration;

use futures::{Stream, StreamExt, stream};
use tokio::sync::mpsc;
use tokio::time::{Instant, interval, timeout_at};
use tokio_util::task::AbortOnDropHandle;

/// `size` is between 1 and 1,000, and `age` is at least 1 ms.
pub fn batches(
    events: impl Stream<Item = String> + Unpin + Send + 'static,
    size: usize,
    age: Duration,
) -> impl Stream<Item = Vec<String>> {
    let (tx, mut rx) = mpsc::unbounded_channel();
    let worker = AbortOnDropHandle::new(tokio::spawn(async move {
        let mut events = events.fuse();
        while let Some(event) = events.next().await {
            let mut batch = vec![event];
            let deadline = Instant::now() + age;
            while batch.len() < size {
                let Ok(Some(event)) = timeout_at(deadline, events.next()).await else { break };
                batch.push(event);
            }
            let _ = tx.send(batch);
        }
    }));
    stream::poll_fn(move |cx| {
        let _ = &worker;
        rx.poll_recv(cx)
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
