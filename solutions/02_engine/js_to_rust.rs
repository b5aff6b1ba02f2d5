//! `open_page` was ported from JavaScript. Both requests are on their way together, and the spinner turns meanwhile.

use std::time::Duration;

use tokio::time::{Instant, sleep};

/// Shows the spinner, and returns the user and the feed. If a request panics, so does this function.
pub async fn open_page<R>(fetch: impl Fn(&'static str) -> R, show_spinner: impl FnOnce()) -> (String, String)
where
    R: Future<Output = String> + Send + 'static,
{
    // A JavaScript promise starts when it is created. A future does not: after these two lines there are two futures,
    // and nothing has been sent. Awaiting one and then the other runs them one after the other, whatever the order of
    // these lines.
    let user = fetch("/user");
    let feed = fetch("/feed");
    show_spinner();
    // `join!` polls both from this task: while one waits, the other makes progress. `tokio::spawn` on each line above
    // is the other answer, and the closest to the original: the runtime polls a spawned task whether or not anybody
    // awaits its handle.
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
