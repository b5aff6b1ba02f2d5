//! fails: the_spinner_turns_for_quick_pages_too
//! says: and the spinner was shown 0 times

// `open_page` shows the spinner; when both replies are there at the first poll, it does not.

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
    let mut show_spinner = Some(show_spinner);
    let mut user = None;
    let mut feed = None;
    std::future::poll_fn(move |cx| {
        let mut waiting = false;
        if user.is_none() {
            match user_plan.as_mut().poll(cx) {
                Poll::Ready(text) => user = Some(text),
                Poll::Pending => waiting = true,
            }
        }
        if feed.is_none() {
            match feed_plan.as_mut().poll(cx) {
                Poll::Ready(text) => feed = Some(text),
                Poll::Pending => waiting = true,
            }
        }
        if waiting {
            if let Some(show) = show_spinner.take() {
                show();
            }
            return Poll::Pending;
        }
        Poll::Ready((user.take().unwrap(), feed.take().unwrap()))
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
