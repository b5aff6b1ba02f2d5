//! An async function that owns its subscriber and an `Arc`, spawned into a `JoinSet`.

use std::sync::Arc;

use tokio::task::JoinSet;

/// Somebody who follows the album. Tests bring their own.
pub trait Subscriber<P>: Send + Sync + 'static {
    fn show(&self, album: &[P]) -> impl Future<Output = ()> + Send;
}

pub async fn publish<P, S>(album: Vec<P>, subscribers: Vec<S>) -> usize
where
    P: Clone + Send + Sync + 'static,
    S: Subscriber<P>,
{
    let photos = album.len();
    let album = Arc::new(album);
    let mut shows: JoinSet<()> =
        subscribers.into_iter().map(|subscriber| show(subscriber, Arc::clone(&album))).collect();
    while let Some(shown) = shows.join_next().await {
        shown.expect("a subscriber does not panic");
    }
    photos
}

async fn show<P, S: Subscriber<P>>(subscriber: S, album: Arc<Vec<P>>) {
    subscriber.show(&album).await;
}

struct Friend(&'static str);

impl Subscriber<String> for Friend {
    async fn show(&self, album: &[String]) {
        tokio::task::yield_now().await;
        println!("{} sees {album:?}", self.0);
    }
}

#[tokio::main]
async fn main() {
    let album = vec!["beach".to_owned(), "harbour".to_owned(), "ferry".to_owned()];
    let photos = publish(album, vec![Friend("Ada"), Friend("Ken"), Friend("Grace")]).await;
    println!("{photos} photos published");
}
