//! fails: replies_keep_their_places
//! says: The two replies have changed places

use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

/// Shows the spinner, and returns the user and the feed.
pub async fn open_page<R>(fetch: impl Fn(&'static str) -> R, show_spinner: impl FnOnce()) -> (String, String)
where
    R: Future<Output = String> + Send + 'static,
{
    let mut requests = JoinSet::new();
    requests.spawn(fetch("/user"));
    requests.spawn(fetch("/feed"));
    show_spinner();
    let first = requests.join_next().await.expect("two requests").expect("a request does not panic");
    let second = requests.join_next().await.expect("one more request").expect("a request does not panic");
    (first, second)
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
