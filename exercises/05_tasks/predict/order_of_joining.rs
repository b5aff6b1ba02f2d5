use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::sleep;

async fn load(page: &'static str, ms: u64) -> &'static str {
    sleep(Duration::from_millis(ms)).await;
    page
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let mut pages = JoinSet::new();
    pages.spawn(load("start", 300));
    pages.spawn(load("about", 100));
    pages.spawn(load("news", 200));
    while let Some(page) = pages.join_next().await {
        println!("{}", page.unwrap());
    }
}
