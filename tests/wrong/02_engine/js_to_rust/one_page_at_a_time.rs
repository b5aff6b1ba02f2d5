//! fails: pages_do_not_wait_for_each_other
//! says: was not done before the first

use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::{Instant, sleep};

/// As in JavaScript, which does one thing at a time.
static PAGE: Mutex<()> = Mutex::const_new(());

/// Shows the spinner, and returns the user and the feed. If a request panics, so does this.
pub async fn open_page<R>(fetch: impl Fn(&'static str) -> R, show_spinner: impl FnOnce()) -> (String, String)
where
    R: Future<Output = String> + Send + 'static,
{
    let _page = PAGE.lock().await;
    let user = fetch("/user");
    let feed = fetch("/feed");
    show_spinner();
    tokio::join!(user, feed)
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
