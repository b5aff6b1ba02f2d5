//! `open_page` was ported from JavaScript, line by line. There, both requests were on their way as soon as `fetch`
//! had been called twice: the spinner turned, and the page was there after one round trip.
//!
//! Here it takes two round trips. One is enough, without another thread, even though each request waits twice: for
//! its connection, and for the reply. It does not matter whether a request is sent just before or just after the
//! spinner is shown.

use std::time::Duration;

use tokio::time::{Instant, sleep};

/// Shows the spinner, and returns the user and the feed. If a request panics, so does this function.
pub async fn open_page<R>(fetch: impl Fn(&'static str) -> R, show_spinner: impl FnOnce()) -> (String, String)
where
    R: Future<Output = String> + Send + 'static,
{
    let user = fetch("/user");
    let feed = fetch("/feed");
    show_spinner();
    (user.await, feed.await)
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
