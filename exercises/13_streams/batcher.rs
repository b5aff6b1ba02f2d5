//! A service sends its log events to a server in batches. `batches` makes them: a batch is yielded
//! as soon as it has `size` events. If they come too slowly for that, it is yielded with what it has,
//! `age` after `batches` took its first event. When the events end, a batch that has begun is yielded
//! at once, and then the stream ends. No batch is empty, and the events keep their order.
//!
//! `batches` holds at most `size` events. While the server is busy with a batch, other events may wait
//! where they come from.
//!
//! `cargo run` logs an event every 300 ms and makes batches of 5, with an age of 1 s. So far the age is
//! ignored: at night, when few events come, the server learns of them hours later.

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
    events.chunks(size)
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
