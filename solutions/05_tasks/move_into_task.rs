//! `publish` shows one album to every subscriber, each in a separate task.
//!
//! Why the compiler did not let the tasks borrow the album: `tokio::spawn` requires a future that is `'static`, one
//! that borrows nothing that could end before it. It cannot know that `publish` waits for its tasks. `publish` is a
//! future itself, and may be dropped half-way; the tasks would go on, and their borrows would point into freed memory.
//! So a task owns what it uses.
//!
//! `async move` moves the variables that the block uses into it, which is right for `subscriber`. But there is one
//! album, and there are many tasks. So they share it: an `Arc` is one owner among several, and `Arc::clone` copies the
//! pointer, not the photos. The last owner to be dropped frees the album. `Box::leak` would satisfy the compiler too,
//! because what is never freed lives long enough; but a server that leaks an album per request runs out of memory.

use std::sync::Arc;

/// Follows the album. Tests bring their own.
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
        // A share for this task. The name is the same on purpose: inside the block it means the share.
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
    let album = vec!["beach".to_owned(), "harbor".to_owned(), "ferry".to_owned()];
    let photos = publish(album, vec![Friend("Ada"), Friend("Ken"), Friend("Grace")]).await;
    println!("{photos} photos published");
}
