//! fails: both_requests_travel_together
//! says: A request ran on another thread, which waits with it. Two requests need only the one thread that is there

// carries out the user's request on a thread of the blocking pool; one round trip takes no other thread

use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::{Instant, sleep};

/// Shows the spinner, and returns the user and the feed. If a request panics, so does this.
pub async fn open_page<R>(fetch: impl Fn(&'static str) -> R, show_spinner: impl FnOnce()) -> (String, String)
where
    R: Future<Output = String> + Send + 'static,
{
    let user = fetch("/user");
    let feed = fetch("/feed");
    let handle = Handle::current();
    let user = tokio::task::spawn_blocking(move || handle.block_on(user));
    show_spinner();
    let feed = feed.await;
    (user.await.unwrap(), feed)
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
