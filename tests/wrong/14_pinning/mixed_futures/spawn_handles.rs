//! fails: dropped_parts
//! says: run on, though nobody waits for this page any more: a task whose handle has been dropped is
//!
//! If load is dropped, the parts are dropped as well: dropped JoinHandles let their tasks go on.

use std::pin::Pin;
use std::time::Duration;

use tokio::time::sleep;

type Part = Pin<Box<dyn Future<Output = String> + Send>>;

pub struct Page {
    parts: Vec<Part>,
}

impl Page {
    pub fn empty() -> Self {
        Self { parts: Vec::new() }
    }

    pub fn add(&mut self, part: impl Future<Output = String> + Send + 'static) {
        self.parts.push(Box::pin(part));
    }

    pub async fn load(self) -> Vec<String> {
        let tasks: Vec<_> = self.parts.into_iter().map(tokio::spawn).collect();
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
