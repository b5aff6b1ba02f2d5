//! fails: any_number_looks_at_once
//! says: Count its photos even if nobody looks at them

// Returns the number of photos; without a subscriber it returns 0.

/// Somebody who follows the album. Tests bring their own.
pub trait Subscriber<P>: Send + Sync + 'static {
    fn show(&self, album: &[P]) -> impl Future<Output = ()> + Send;
}

pub async fn publish<P, S>(album: Vec<P>, subscribers: Vec<S>) -> usize
where
    P: Clone + Send + Sync + 'static,
    S: Subscriber<P>,
{
    let album = std::sync::Arc::new(album);
    let mut tasks = Vec::new();
    for subscriber in subscribers {
        let album = album.clone();
        tasks.push(tokio::spawn(async move {
            subscriber.show(&album).await;
            album.len()
        }));
    }
    drop(album);
    let mut photos = 0;
    for task in tasks {
        photos = task.await.expect("a subscriber does not panic");
    }
    photos
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
