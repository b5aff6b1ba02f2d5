//! FuturesOrdered in an unfold; gives what is there first, and takes names only when the player has to wait.

use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

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
    stream::unfold((Some(playlist), hand, cdn), move |(mut names, mut hand, cdn)| async move {
        loop {
            let may_take = names.is_some() && hand.len() < most;
            tokio::select! {
                biased;
                Some(segment) = hand.next() => return Some((segment, (names, hand, cdn))),
                name = async { names.as_mut().expect("not ended").next().await }, if may_take => match name {
                    Some(name) => {
                        let cdn = Arc::clone(&cdn);
                        hand.push_back(async move { cdn.fetch(name).await });
                    }
                    None => names = None,
                },
                else => return None,
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
