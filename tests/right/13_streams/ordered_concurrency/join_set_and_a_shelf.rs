//! Tasks in a `JoinSet`, and a shelf for the segments that came too early.

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::stream::Fuse;
use futures::{Stream, StreamExt, stream};
use tokio::task::JoinSet;
use tokio::time::sleep;

/// The servers that the segments come from. Tests bring their own.
pub trait Cdn: Send + Sync + 'static {
    fn fetch(&self, name: String) -> impl Future<Output = String> + Send;
}

struct Film<S> {
    playlist: Fuse<S>,
    requests: JoinSet<(usize, String)>,
    shelf: BTreeMap<usize, String>,
    /// How many names were taken, and which segment is next.
    named: usize,
    next: usize,
}

/// `most` is 1 to 1,000.
pub fn segments<C: Cdn>(
    playlist: impl Stream<Item = String> + Unpin + Send + 'static,
    most: usize,
    cdn: Arc<C>,
) -> impl Stream<Item = String> {
    let film = Film {
        playlist: playlist.fuse(),
        requests: JoinSet::new(),
        shelf: BTreeMap::new(),
        named: 0,
        next: 0,
    };
    stream::unfold(film, move |mut film| {
        let cdn = Arc::clone(&cdn);
        async move {
            loop {
                if let Some(segment) = film.shelf.remove(&film.next) {
                    film.next += 1;
                    return Some((segment, film));
                }
                let in_hand = film.named - film.next;
                tokio::select! {
                    Some(name) = film.playlist.next(), if in_hand < most => {
                        let (cdn, number) = (Arc::clone(&cdn), film.named);
                        film.named += 1;
                        film.requests.spawn(async move { (number, cdn.fetch(name).await) });
                    }
                    Some(done) = film.requests.join_next() => {
                        let (number, segment) = done.expect("a request does not panic");
                        film.shelf.insert(number, segment);
                    }
                    else => return None,
                }
            }
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
