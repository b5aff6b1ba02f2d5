//! fails: another_task_may_go_on
//! says: which was never woken

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use tokio::task::{JoinError, JoinHandle};

/// Somebody who follows the album. Tests bring their own.
pub trait Subscriber<P>: Send + Sync + 'static {
    fn show(&self, album: &[P]) -> impl Future<Output = ()> + Send;
}

/// Waits for a task, with a waker of the caller.
async fn wait<T>(mut task: JoinHandle<T>, waker: &Waker) -> Result<T, JoinError> {
    poll_fn(|_| Pin::new(&mut task).poll(&mut Context::from_waker(waker))).await
}

pub async fn publish<P, S>(album: Vec<P>, subscribers: Vec<S>) -> usize
where
    P: Clone + Send + Sync + 'static,
    S: Subscriber<P>,
{
    let album = Arc::new(album);
    let mut tasks = Vec::with_capacity(subscribers.len());
    for subscriber in subscribers {
        let album = Arc::clone(&album);
        tasks.push(tokio::spawn(async move { subscriber.show(&album).await }));
    }
    // It is the same waker each time.
    let waker = poll_fn(|context| Poll::Ready(context.waker().clone())).await;
    for task in tasks {
        wait(task, &waker).await.expect("a subscriber does not panic");
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
