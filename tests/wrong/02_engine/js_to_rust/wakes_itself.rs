//! fails: both_requests_travel_together
//! says: Two replies came, and `open_page` was polled

// wakes itself at once whenever it is not done: it asks again and again instead of parking, so the thread is busy (and paused time stands still)

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use tokio::time::{Instant, sleep};

/// Shows the spinner, and returns the user and the feed. If a request panics, so does this.
pub async fn open_page<R>(fetch: impl Fn(&'static str) -> R, show_spinner: impl FnOnce()) -> (String, String)
where
    R: Future<Output = String> + Send + 'static,
{
    let mut user = pin!(fetch("/user"));
    let mut feed = pin!(fetch("/feed"));
    let (mut user_text, mut feed_text) = (None, None);
    show_spinner();
    poll_fn(move |cx| {
        if user_text.is_none() {
            if let Poll::Ready(text) = user.as_mut().poll(cx) {
                user_text = Some(text);
            }
        }
        if feed_text.is_none() {
            if let Poll::Ready(text) = feed.as_mut().poll(cx) {
                feed_text = Some(text);
            }
        }
        if user_text.is_some() && feed_text.is_some() {
            return Poll::Ready((user_text.take().unwrap(), feed_text.take().unwrap()));
        }
        // make sure that we are polled again
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await
}

async fn fetch(path: &'static str) -> String {
    sleep(Duration::from_millis(100)).await;
    format!("contents of {path}")
}

#[tokio::main]
async fn main() {
    let start = Instant::now();
    let page = open_page(fetch, || println!("loading …")).await;
    println!("{page:?} after {} ms", start.elapsed().as_millis());
}
