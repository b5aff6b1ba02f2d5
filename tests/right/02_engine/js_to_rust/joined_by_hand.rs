//! Polls both from one `poll_fn`, until both are done.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use tokio::time::{Instant, sleep};

/// Shows the spinner, and returns the user and the feed. If a request panics, so does this.
pub async fn open_page<R>(fetch: impl Fn(&'static str) -> R, show_spinner: impl FnOnce()) -> (String, String)
where
    R: Future<Output = String> + Send + 'static,
{
    let mut user = pin!(fetch("/user"));
    let mut feed = pin!(fetch("/feed"));
    let mut page = (None, None);
    show_spinner();
    poll_fn(|cx| {
        if page.0.is_none()
            && let Poll::Ready(text) = user.as_mut().poll(cx)
        {
            page.0 = Some(text);
        }
        if page.1.is_none()
            && let Poll::Ready(text) = feed.as_mut().poll(cx)
        {
            page.1 = Some(text);
        }
        match page {
            (Some(_), Some(_)) => Poll::Ready(()),
            _ => Poll::Pending,
        }
    })
    .await;
    (page.0.expect("it is there"), page.1.expect("it is there"))
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
