//! fails: calls_do_not_wait_for_each_other
//! says: was not done before the first

// Albums are large, so there is to be one in memory at a time: a second one waits until everybody has seen the first.

use std::sync::Arc;

use tokio::sync::Semaphore;

/// Somebody who follows the album. Tests bring their own.
pub trait Subscriber<P>: Send + Sync + 'static {
    fn show(&self, album: &[P]) -> impl Future<Output = ()> + Send;
}

pub async fn publish<P, S>(album: Vec<P>, subscribers: Vec<S>) -> usize
where
    P: Clone + Send + Sync + 'static,
    S: Subscriber<P>,
{
    static IN_MEMORY: Semaphore = Semaphore::const_new(1);
    let _turn = IN_MEMORY.acquire().await.expect("nobody closes it");
    let album = Arc::new(album);
    let mut tasks = Vec::with_capacity(subscribers.len());
    for subscriber in subscribers {
        // A share for this task. The name is the same on purpose: inside the block it means the task's own.
        let album = Arc::clone(&album);
        tasks.push(tokio::spawn(async move { subscriber.show(&album).await }));
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
