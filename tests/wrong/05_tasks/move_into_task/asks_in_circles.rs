//! fails: every_subscriber_sees_the_album
//! says: it keeps asking

use std::sync::Arc;
use std::time::Duration;

/// Somebody who follows the album. Tests bring their own.
pub trait Subscriber<P>: Send + Sync + 'static {
    fn show(&self, album: &[P]) -> impl Future<Output = ()> + Send;
}

pub async fn publish<P, S>(album: Vec<P>, subscribers: Vec<S>) -> usize
where
    P: Clone + Send + Sync + 'static,
    S: Subscriber<P>,
{
    let album = Arc::new(album);
    for subscriber in subscribers {
        let album = Arc::clone(&album);
        tokio::spawn(async move { subscriber.show(&album).await });
    }
    // Whoever is done has given its share back.
    while Arc::strong_count(&album) > 1 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    album.len()
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
