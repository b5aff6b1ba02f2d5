//! Both polled by hand, each outcome kept until the other is there (clumsy).

use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;

use tokio::time::{Instant, sleep};

/// Shows the spinner, and returns the user and the feed. If a request panics, so does this.
pub async fn open_page<R>(fetch: impl Fn(&'static str) -> R, show_spinner: impl FnOnce()) -> (String, String)
where
    R: Future<Output = String> + Send + 'static,
{
    show_spinner();
    let mut user = Box::pin(fetch("/user"));
    let mut feed = Box::pin(fetch("/feed"));
    let mut user_text = None;
    let mut feed_text = None;
    poll_fn(|cx| {
        if user_text.is_none()
            && let Poll::Ready(text) = user.as_mut().poll(cx)
        {
            user_text = Some(text);
        }
        if feed_text.is_none()
            && let Poll::Ready(text) = feed.as_mut().poll(cx)
        {
            feed_text = Some(text);
        }
        if user_text.is_some() && feed_text.is_some() { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    (user_text.unwrap(), feed_text.unwrap())
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
