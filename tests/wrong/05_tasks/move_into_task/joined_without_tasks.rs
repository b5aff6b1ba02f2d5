//! fails: any_number_looks_at_once
//! says: in 0 spawned tasks

use std::future::poll_fn;
use std::task::Poll;

/// Somebody who follows the album. Tests bring their own.
pub trait Subscriber<P>: Send + Sync + 'static {
    fn show(&self, album: &[P]) -> impl Future<Output = ()> + Send;
}

pub async fn publish<P, S>(album: Vec<P>, subscribers: Vec<S>) -> usize
where
    P: Clone + Send + Sync + 'static,
    S: Subscriber<P>,
{
    let mut looking: Vec<_> =
        subscribers.iter().map(|subscriber| Box::pin(subscriber.show(&album))).collect();
    poll_fn(|context| {
        looking.retain_mut(|looks| looks.as_mut().poll(context).is_pending());
        if looking.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
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
