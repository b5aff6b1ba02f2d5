//! fails: compile E0277
//! says: cannot be unpinned
//!
//! A `Box` in place of a `Pin<Box>`.

use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::sleep;

pub struct Page {
    parts: Vec<Box<dyn Future<Output = String> + Send>>,
}

impl Page {
    pub fn empty() -> Self {
        Self { parts: Vec::new() }
    }

    pub fn add<F: Future<Output = String> + Send + 'static>(&mut self, part: F) {
        self.parts.push(Box::new(part));
    }

    pub async fn load(self) -> Vec<String> {
        let mut tasks = JoinSet::new();
        for (place, part) in self.parts.into_iter().enumerate() {
            tasks.spawn(async move { (place, part.await) });
        }
        let mut texts = tasks.join_all().await;
        texts.sort();
        texts.into_iter().map(|(_, text)| text).collect()
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
