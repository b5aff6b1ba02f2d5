//! `publish` shows one album to every subscriber, each in a task of its own.
//!
//! Why the compiler refused to lend the album: `tokio::spawn` wants a future that is `'static`, one that borrows nothing
//! which could end before it. It cannot know that `publish` waits for its tasks. `publish` is a future itself, and may be
//! dropped half-way; the tasks would go on, and their borrows would point into freed memory. So a task owns what it uses.
//!
//! `async move` makes the block take its variables along, which is right for `subscriber`. There is one album and there
//! are many tasks, though. They share it: an `Arc` is one owner among several, and `Arc::clone` copies the pointer and
//! not the photos. The last owner to go frees the album. `Box::leak` would satisfy the compiler as well, because what is
//! never freed never ends; a server that leaks an album per request ends instead.

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
