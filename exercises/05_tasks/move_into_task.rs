//! `publish` shows an album to every subscriber at the same time, each in a separate task.
//! When all of them have seen it, `publish` returns the number of photos. Albums are large,
//! so everybody has to share one copy in memory, and `publish` must not leave it behind.
//!
//! The compiler refuses: a task may outlive the function that spawned it, and these tasks
//! borrow from that function.

/// Follows the album. Tests bring their own.
pub trait Subscriber<P>: Send + Sync + 'static {
    fn show(&self, album: &[P]) -> impl Future<Output = ()> + Send;
}

pub async fn publish<P, S>(album: Vec<P>, subscribers: Vec<S>) -> usize
where
    P: Clone + Send + Sync + 'static,
    S: Subscriber<P>,
{
    let mut tasks = Vec::new();
    for subscriber in subscribers {
        tasks.push(tokio::spawn(async { subscriber.show(&album).await }));
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
    let album = vec!["beach".to_owned(), "harbor".to_owned(), "ferry".to_owned()];
    let photos = publish(album, vec![Friend("Ada"), Friend("Ken"), Friend("Grace")]).await;
    println!("{photos} photos published");
}
