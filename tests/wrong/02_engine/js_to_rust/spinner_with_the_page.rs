//! fails: the_spinner_turns_before_the_first_reply
//! says: The spinner was shown after the first reply had come

// the spinner is shown only when the page is there; it is to turn while the requests are under way

use std::time::Duration;

use tokio::time::{Instant, sleep};

/// Shows the spinner, and returns the user and the feed. If a request panics, so does this.
pub async fn open_page<R>(fetch: impl Fn(&'static str) -> R, show_spinner: impl FnOnce()) -> (String, String)
where
    R: Future<Output = String> + Send + 'static,
{
    let (user, feed) = tokio::join!(fetch("/user"), fetch("/feed"));
    show_spinner();
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
