//! fails: a_live_film_does_not_wait
//! says: then its name was in the playlist. Until then, none was under way. While there is room and a
//!
//! A segment that has been named does not wait: a name that comes while the player waits for a segment is not noticed until that segment is there.

use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::future::FutureExt;
use futures::stream::FuturesOrdered;
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
    let hand = FuturesOrdered::new();
    stream::unfold((playlist.fuse(), hand, cdn), move |(mut names, mut hand, cdn)| async move {
        if hand.is_empty() {
            let name = names.next().await?;
            let cdn = Arc::clone(&cdn);
            hand.push_back(fetch(cdn, name));
        }
        while hand.len() < most {
            match names.next().now_or_never() {
                Some(Some(name)) => hand.push_back(fetch(Arc::clone(&cdn), name)),
                Some(None) | None => break,
            }
        }
        let segment = hand.next().await?;
        Some((segment, (names, hand, cdn)))
    })
}

async fn fetch<C: Cdn>(cdn: Arc<C>, name: String) -> String {
    cdn.fetch(name).await
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
