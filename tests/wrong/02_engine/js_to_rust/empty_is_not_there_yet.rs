//! fails: replies_keep_their_places
//! says: The request for `/user` was polled again after it had been ready with ""

// An empty text stands for "not there yet", and a request that is done is polled again.

use std::time::Duration;

use tokio::time::{Instant, sleep};

/// Shows the spinner, and returns the user and the feed. If a request panics, so does this.
pub async fn open_page<R>(fetch: impl Fn(&'static str) -> R, show_spinner: impl FnOnce()) -> (String, String)
where
    R: Future<Output = String> + Send + 'static,
{
    use std::task::Poll;
    let mut user_plan = Box::pin(fetch("/user"));
    let mut feed_plan = Box::pin(fetch("/feed"));
    show_spinner();
    let mut user = String::new();
    let mut feed = String::new();
    std::future::poll_fn(move |cx| {
        let mut waiting = false;
        if user.is_empty() {
            match user_plan.as_mut().poll(cx) {
                Poll::Ready(text) => user = text,
                Poll::Pending => waiting = true,
            }
        }
        if feed.is_empty() {
            match feed_plan.as_mut().poll(cx) {
                Poll::Ready(text) => feed = text,
                Poll::Pending => waiting = true,
            }
        }
        if waiting {
            return Poll::Pending;
        }
        Poll::Ready((std::mem::take(&mut user), std::mem::take(&mut feed)))
    })
    .await
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
