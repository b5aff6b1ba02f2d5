//! A task for each request, panics passed on.

use std::panic::resume_unwind;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

/// Shows the spinner, and returns the user and the feed. If a request panics, so does this.
pub async fn open_page<R>(fetch: impl Fn(&'static str) -> R, show_spinner: impl FnOnce()) -> (String, String)
where
    R: Future<Output = String> + Send + 'static,
{
    async fn outcome(task: JoinHandle<String>) -> String {
        match task.await {
            Ok(text) => text,
            Err(error) => resume_unwind(error.into_panic()),
        }
    }
    let user = tokio::spawn(fetch("/user"));
    let feed = tokio::spawn(fetch("/feed"));
    show_spinner();
    (outcome(user).await, outcome(feed).await)
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
