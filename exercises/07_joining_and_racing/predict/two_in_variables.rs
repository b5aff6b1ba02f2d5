use std::time::Duration;

use tokio::time::{Instant, sleep};

async fn ask(name: &str, ms: u64) {
    sleep(Duration::from_millis(ms)).await;
    println!("{name}");
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let start = Instant::now();
    let user = ask("user", 300);
    let posts = ask("posts", 200);
    user.await;
    posts.await;
    println!("{} ms", start.elapsed().as_millis());
}
