//! fails: both_requests_travel_together
//! says: ran on another thread

use std::time::Duration;

use tokio::runtime::Handle;
use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep};

/// Shows the spinner, and returns the user and the feed. If a request panics, so does this.
pub async fn open_page<R>(fetch: impl Fn(&'static str) -> R, show_spinner: impl FnOnce()) -> (String, String)
where
    R: Future<Output = String> + Send + 'static,
{
    let user = fetch("/user");
    let feed = fetch("/feed");
    let user = spawn_blocking(move || Handle::current().block_on(user));
    let feed = spawn_blocking(move || Handle::current().block_on(feed));
    show_spinner();
    (user.await.expect("a request does not panic"), feed.await.expect("a request does not panic"))
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
