//! A `JoinSet` of tasks, whose replies are put into their places by a tag.

use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

/// Shows the spinner, and returns the user and the feed.
pub async fn open_page<R>(fetch: impl Fn(&'static str) -> R, show_spinner: impl FnOnce()) -> (String, String)
where
    R: Future<Output = String> + Send + 'static,
{
    let mut requests = JoinSet::new();
    for (place, path) in ["/user", "/feed"].into_iter().enumerate() {
        let request = fetch(path);
        requests.spawn(async move { (place, request.await) });
    }
    show_spinner();
    let mut page = [String::new(), String::new()];
    while let Some(reply) = requests.join_next().await {
        let (place, text) = reply.expect("a request does not panic");
        page[place] = text;
    }
    page.into()
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
