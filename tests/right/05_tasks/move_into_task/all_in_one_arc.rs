//! Album and subscribers together in one `Arc`, each task knows its place in the list.

use std::sync::Arc;

/// Somebody who follows the album. Tests bring their own.
pub trait Subscriber<P>: Send + Sync + 'static {
    fn show(&self, album: &[P]) -> impl Future<Output = ()> + Send;
}

pub async fn publish<P, S>(album: Vec<P>, subscribers: Vec<S>) -> usize
where
    P: Clone + Send + Sync + 'static,
    S: Subscriber<P>,
{
    struct Shared<P, S> {
        album: Vec<P>,
        subscribers: Vec<S>,
    }
    let shared = Arc::new(Shared { album, subscribers });
    let mut tasks = Vec::new();
    for i in 0..shared.subscribers.len() {
        let shared2 = shared.clone();
        let task = tokio::spawn(async move {
            let shared = shared2;
            shared.subscribers[i].show(&shared.album).await;
        });
        tasks.push(task);
    }
    let mut i = 0;
    while i < tasks.len() {
        let task = &mut tasks[i];
        task.await.expect("a subscriber does not panic");
        i += 1;
    }
    shared.album.len()
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
