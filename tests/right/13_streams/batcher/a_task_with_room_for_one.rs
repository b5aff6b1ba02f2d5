//! A task makes the batches. It begins one when the batch before has been taken.

use std::pin::pin;
use std::time::{Duration, Instant};

use futures::{Stream, StreamExt, stream};
use tokio::sync::mpsc;
use tokio::time::{interval, sleep};
use tokio_util::task::AbortOnDropHandle;

async fn fill(
    events: impl Stream<Item = String> + Unpin,
    size: usize,
    age: Duration,
    room: mpsc::Sender<Vec<String>>,
) {
    let mut events = events.fuse();
    while let Ok(permit) = room.reserve().await {
        let Some(event) = events.next().await else { return };
        let mut batch = vec![event];
        let mut timer = pin!(sleep(age));
        while batch.len() < size {
            tokio::select! {
                () = &mut timer => break,
                event = events.next() => match event {
                    Some(event) => batch.push(event),
                    None => break,
                },
            }
        }
        permit.send(batch);
    }
}

/// `size` is between 1 and 1,000, and `age` is at least 1 ms.
pub fn batches(
    events: impl Stream<Item = String> + Unpin + Send + 'static,
    size: usize,
    age: Duration,
) -> impl Stream<Item = Vec<String>> {
    let mut start = Some(events);
    let mut worker: Option<(mpsc::Receiver<Vec<String>>, AbortOnDropHandle<()>)> = None;
    stream::poll_fn(move |cx| {
        let (batches, _) = worker.get_or_insert_with(|| {
            let (room, batches) = mpsc::channel(1);
            let events = start.take().expect("it is started once");
            (batches, AbortOnDropHandle::new(tokio::spawn(fill(events, size, age, room))))
        });
        batches.poll_recv(cx)
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
