//! fails: parts_of_all_kinds_wait_side_by_side
//! says: another thread
//!
//! A blocking thread for each part.

use std::pin::Pin;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::sleep;

pub struct Page {
    parts: Vec<Pin<Box<dyn Future<Output = String> + Send>>>,
}

impl Page {
    pub fn empty() -> Self {
        Self { parts: Vec::new() }
    }

    pub fn add<F: Future<Output = String> + Send + 'static>(&mut self, part: F) {
        self.parts.push(Box::pin(part));
    }

    pub async fn load(self) -> Vec<String> {
        let runtime = Handle::current();
        let block = |part| {
            let runtime = runtime.clone();
            tokio::task::spawn_blocking(move || runtime.block_on(part))
        };
        let tasks: Vec<_> = self.parts.into_iter().map(block).collect();
        let mut texts = Vec::new();
        for task in tasks {
            texts.push(task.await.expect("a part does not panic"));
        }
        texts
    }
}

async fn weather(city: &'static str) -> String {
    sleep(Duration::from_millis(300)).await;
    format!("{city}: rain")
}

async fn inbox(user: u32) -> String {
    sleep(Duration::from_millis(200)).await;
    format!("user {user} has 3 letters")
}

#[tokio::main]
async fn main() {
    let mut page = Page::empty();
    page.add(weather("Oslo"));
    page.add(inbox(7));
    println!("{:?}", page.load().await);
}
