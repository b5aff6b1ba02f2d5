//! fails: the_spinner_turns_for_quick_pages_too
//! says: was polled again after it had been ready with

// A poll sends each request, and its answer is thrown away: it may have been `Ready`.

use std::time::Duration;

use tokio::time::{Instant, sleep};

/// Shows the spinner, and returns the user and the feed. If a request panics, so does this.
pub async fn open_page<R>(fetch: impl Fn(&'static str) -> R, show_spinner: impl FnOnce()) -> (String, String)
where
    R: Future<Output = String> + Send + 'static,
{
    let mut user = Box::pin(fetch("/user"));
    let mut feed = Box::pin(fetch("/feed"));
    show_spinner();
    std::future::poll_fn(|cx| {
        let _ = user.as_mut().poll(cx);
        let _ = feed.as_mut().poll(cx);
        std::task::Poll::Ready(())
    })
    .await;
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
