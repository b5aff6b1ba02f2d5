//! fails: every_subscriber_sees_the_album
//! says: At most 1 of 3 subscribers
//!
//! A mutex around the album that is held while it is shown: one subscriber after another in place of all at the
//! same time.

use std::sync::Arc;

use tokio::sync::Mutex;

/// Somebody who follows the album. Tests bring their own.
pub trait Subscriber<P>: Send + Sync + 'static {
    fn show(&self, album: &[P]) -> impl Future<Output = ()> + Send;
}

pub async fn publish<P, S>(album: Vec<P>, subscribers: Vec<S>) -> usize
where
    P: Clone + Send + Sync + 'static,
    S: Subscriber<P>,
{
    let album = Arc::new(Mutex::new(album));
    let mut tasks = Vec::new();
    for subscriber in subscribers {
        let album = Arc::clone(&album);
        tasks.push(tokio::spawn(async move {
            let album = album.lock().await;
            subscriber.show(&album).await
        }));
    }
    for task in tasks {
        task.await.expect("a subscriber does not panic");
    }
    album.lock().await.len()
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
