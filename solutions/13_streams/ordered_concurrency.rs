//! The segments of a film, several of them fetched at the same time, in their order.
//!
//! `then` makes one future and waits for it before it asks the playlist for the next name. `map` only makes futures, and
//! `buffered` polls several of them. It counts everything that it has in hand: requests that are under way, and segments
//! that wait for their turn. So it keeps three promises at once: the order, the number of requests, and the memory.
//!
//! `buffer_unordered` gives up the first one, and is the better adapter where the order does not matter: there a slow
//! request does not hold up the requests behind it. With an order to keep, a buffer that read on behind a slow segment
//! would have to keep everything that came after it.
//!
//! The requests make progress only while the player asks for segments. If it is busy for a while between two of them, spawn the
//! requests, with handles that abort their task when they are dropped, and let `buffered` hold the handles.

use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::{Stream, StreamExt, stream};
use tokio::time::sleep;

/// The servers that the segments come from. Tests bring their own.
pub trait Cdn: Send + Sync + 'static {
    fn fetch(&self, name: String) -> impl Future<Output = String> + Send;
}

/// `most` is 1 to 1,000.
pub fn segments<C: Cdn>(
    playlist: impl Stream<Item = String> + Unpin + Send + 'static,
    most: usize,
    cdn: Arc<C>,
) -> impl Stream<Item = String> {
    // A stream of futures. Nobody polls them yet.
    let requests = playlist.map(move |name| {
        let cdn = Arc::clone(&cdn);
        async move { cdn.fetch(name).await }
    });
    // Polls up to `most` of them side by side, and yields their outputs in order.
    requests.buffered(most)
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
