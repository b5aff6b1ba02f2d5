//! fails: any_number_looks_at_once
//! says: There is no limit
//!
//! Never more than 100 tasks: the 101st subscriber sees nothing before another one is done, though all are to see
//! it at the same time.

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
    let album = Arc::new(album);
    let mut tasks = JoinSet::new();
    for subscriber in subscribers {
        if tasks.len() >= 100 {
            tasks.join_next().await.unwrap().expect("a subscriber does not panic");
        }
        let album = Arc::clone(&album);
        tasks.spawn(async move { subscriber.show(&album).await });
    }
    while let Some(task) = tasks.join_next().await {
        task.expect("a subscriber does not panic");
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
