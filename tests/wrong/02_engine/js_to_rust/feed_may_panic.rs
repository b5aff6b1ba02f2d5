//! fails: no_reply_is_made_up
//! says: but `open_page` made a page anyway

// If a request panics, so does `open_page`; a panic of the feed becomes an empty text.

use std::time::Duration;

use tokio::time::{Instant, sleep};

/// Shows the spinner, and returns the user and the feed. If a request panics, so does this.
pub async fn open_page<R>(fetch: impl Fn(&'static str) -> R, show_spinner: impl FnOnce()) -> (String, String)
where
    R: Future<Output = String> + Send + 'static,
{
    let user = tokio::spawn(fetch("/user"));
    let feed = tokio::spawn(fetch("/feed"));
    show_spinner();
    (user.await.unwrap(), feed.await.unwrap_or_default())
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
