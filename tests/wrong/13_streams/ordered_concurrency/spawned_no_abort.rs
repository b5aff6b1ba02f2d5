//! fails: dropping_it_cancels_its_requests
//! says: were still under way afterwards. What a stream has started ends with it
//!
//! Dropping cancels everything: the fetches are tasks, and a dropped JoinHandle does not stop its task.

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
    playlist
        .map(move |name| {
            let cdn = Arc::clone(&cdn);
            tokio::spawn(async move { cdn.fetch(name).await })
        })
        .buffered(most)
        .map(|segment| segment.expect("the fetch does not panic"))
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
