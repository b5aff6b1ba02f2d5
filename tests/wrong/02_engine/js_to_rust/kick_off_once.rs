//! fails: both_requests_travel_together
//! says: and was not polled again before

// each request gets one first poll, then they are awaited one after another: a request that waits more than once (connect, then read) stands still meanwhile, and the page takes more than one round trip

use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;

use tokio::time::{Instant, sleep};

/// Shows the spinner, and returns the user and the feed. If a request panics, so does this.
pub async fn open_page<R>(fetch: impl Fn(&'static str) -> R, show_spinner: impl FnOnce()) -> (String, String)
where
    R: Future<Output = String> + Send + 'static,
{
    let mut user = Box::pin(fetch("/user"));
    let mut feed = Box::pin(fetch("/feed"));
    // set both requests going
    let (first_user, first_feed) =
        poll_fn(|cx| Poll::Ready((user.as_mut().poll(cx), feed.as_mut().poll(cx)))).await;
    show_spinner();
    let user = match first_user {
        Poll::Ready(text) => text,
        Poll::Pending => user.await,
    };
    let feed = match first_feed {
        Poll::Ready(text) => text,
        Poll::Pending => feed.await,
    };
    (user, feed)
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
