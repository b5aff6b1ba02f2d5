//! A player shows a film that is cut into segments. `segments` fetches the segments that a playlist
//! names, and yields them in the order of the playlist. It may have `most` segments in hand: a segment
//! counts from the moment when its name is taken out of the playlist until the player gets it. The
//! ones in hand are fetched at the same time.
//!
//! While the player waits for a segment, `segments` has `most` of them in hand, or as many as the
//! playlist has names for. A film may be live: then names come one by one, and a segment that has been
//! named does not wait for the next name. Until the player asks for the first segment, nothing happens.
//!
//! In `cargo run` the film stutters: each segment is requested after the one before has arrived.

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
    playlist.then(move |name| {
        let cdn = Arc::clone(&cdn);
        async move { cdn.fetch(name).await }
    })
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
