//! `open_page` was ported from JavaScript. Both requests travel together, and the spinner turns while they do.

use std::time::Duration;

use tokio::time::{Instant, sleep};

/// Shows the spinner, and returns the user and the feed. If a request panics, so does this.
pub async fn open_page<R>(fetch: impl Fn(&'static str) -> R, show_spinner: impl FnOnce()) -> (String, String)
where
    R: Future<Output = String> + Send + 'static,
{
    // A JavaScript promise is under way once it exists. A future is not: these two lines make two plans, and nothing
    // has been sent. Awaiting one and then the other carries them out one after the other, in whatever order the
    // lines stand.
    let user = fetch("/user");
    let feed = fetch("/feed");
    show_spinner();
    // `join!` polls both from this task: while one is parked, the other moves. `tokio::spawn` on each line above is the
    // other answer, and the closest to the original: a spawned task is driven by the runtime from then on, whether
    // anybody awaits its handle or not.
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
