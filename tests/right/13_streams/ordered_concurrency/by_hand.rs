//! A stream by hand, which polls each request that is not ready.

use std::collections::VecDeque;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use futures::stream::Fuse;
use futures::{Stream, StreamExt, stream};
use tokio::time::sleep;

/// The servers that the segments come from. Tests bring their own.
pub trait Cdn: Send + Sync + 'static {
    fn fetch(&self, name: String) -> impl Future<Output = String> + Send;
}

struct Segments<S, C> {
    playlist: Fuse<S>,
    most: usize,
    cdn: Arc<C>,
    in_hand: VecDeque<Segment>,
}

enum Segment {
    Requested(Pin<Box<dyn Future<Output = String> + Send>>),
    Here(String),
}

impl<S, C> Stream for Segments<S, C>
where
    S: Stream<Item = String> + Unpin,
    C: Cdn,
{
    type Item = String;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<String>> {
        let this = &mut *self;
        let mut ended = false;
        while this.in_hand.len() < this.most && !ended {
            match this.playlist.poll_next_unpin(cx) {
                Poll::Ready(Some(name)) => {
                    let cdn = Arc::clone(&this.cdn);
                    this.in_hand
                        .push_back(Segment::Requested(Box::pin(async move { cdn.fetch(name).await })));
                }
                Poll::Ready(None) => ended = true,
                Poll::Pending => break,
            }
        }
        for segment in &mut this.in_hand {
            if let Segment::Requested(request) = segment
                && let Poll::Ready(data) = request.as_mut().poll(cx)
            {
                *segment = Segment::Here(data);
            }
        }
        match this.in_hand.pop_front() {
            Some(Segment::Here(data)) => Poll::Ready(Some(data)),
            Some(requested) => {
                this.in_hand.push_front(requested);
                Poll::Pending
            }
            None if ended => Poll::Ready(None),
            None => Poll::Pending,
        }
    }
}

/// `most` is 1 to 1,000.
pub fn segments<C: Cdn>(
    playlist: impl Stream<Item = String> + Unpin + Send + 'static,
    most: usize,
    cdn: Arc<C>,
) -> impl Stream<Item = String> {
    Segments { playlist: playlist.fuse(), most, cdn, in_hand: VecDeque::new() }
}

struct Servers(Instant);

impl Cdn for Servers {
    async fn fetch(&self, name: String) -> String {
        println!("{:>5} ms  {name} requested", self.0.elapsed().as_millis());
        let millis = if name.ends_with('1') { 400 } else { 200 };
        sleep(Duration::from_millis(millis)).await;
        format!("<{name}>")
    }
}

#[tokio::main]
async fn main() {
    let start = Instant::now();
    let playlist = stream::iter((1..=6).map(|n| format!("segment {n}")));
    let mut film = pin!(segments(playlist, 3, Arc::new(Servers(start))));
    while let Some(segment) = film.next().await {
        println!("{:>5} ms  the player gets {segment}", start.elapsed().as_millis());
    }
}
