//! fails: no_more_in_hand_than_allowed
//! says: The others wait for their turn, or to be requested. A segment counts from the moment when its name
//!
//! At most `most` in hand: a slow first segment does not stop the later ones, which pile up in the map without a limit.

use std::collections::BTreeMap;
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
    let fetches = playlist
        .enumerate()
        .map(move |(place, name)| {
            let cdn = Arc::clone(&cdn);
            async move { (place, cdn.fetch(name).await) }
        })
        .buffer_unordered(most);
    let waiting: BTreeMap<usize, String> = BTreeMap::new();
    stream::unfold((Box::pin(fetches), waiting, 0), |(mut fetches, mut waiting, turn)| async move {
        loop {
            if let Some(segment) = waiting.remove(&turn) {
                return Some((segment, (fetches, waiting, turn + 1)));
            }
            let (place, segment) = fetches.next().await?;
            waiting.insert(place, segment);
        }
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
