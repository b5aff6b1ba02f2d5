//! fails: compile E0308
//! says: your file compiles, but the hidden tests cannot use it
//!
//! Leaves `Page` as it is, and boxes in `main`: everybody else would have to do the same.

use std::pin::Pin;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::sleep;

pub struct Page<F> {
    parts: Vec<F>,
}

impl<F: Future<Output = String> + Send + 'static> Page<F> {
    pub fn empty() -> Self {
        Self { parts: Vec::new() }
    }

    pub fn add(&mut self, part: F) {
        self.parts.push(part);
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
    let mut page: Page<Pin<Box<dyn Future<Output = String> + Send>>> = Page::empty();
    page.add(Box::pin(weather("Oslo")));
    page.add(Box::pin(inbox(7)));
    println!("{:?}", page.load().await);
}
