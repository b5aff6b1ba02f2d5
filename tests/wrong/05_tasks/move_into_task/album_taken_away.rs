//! fails: every_subscriber_sees_the_album
//! says: The album has 4 photos, but `publish` returned 0.

/// Somebody who follows the album. Tests bring their own.
pub trait Subscriber<P>: Send + Sync + 'static {
    fn show(&self, album: &[P]) -> impl Future<Output = ()> + Send;
}

pub async fn publish<P, S>(mut album: Vec<P>, subscribers: Vec<S>) -> usize
where
    P: Clone + Send + Sync + 'static,
    S: Subscriber<P>,
{
    let shared = std::sync::Arc::new(std::mem::take(&mut album));
    let mut tasks = Vec::new();
    for subscriber in subscribers {
        let shared = shared.clone();
        tasks.push(tokio::spawn(async move { subscriber.show(&shared).await }));
    }
    for task in tasks {
        task.await.expect("a subscriber does not panic");
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
