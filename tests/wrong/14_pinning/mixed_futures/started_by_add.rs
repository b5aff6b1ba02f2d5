//! fails: add_starts_nothing
//! says: It only stores the part, and needs no runtime for that
//!
//! A task for each part, and what is stored are the handles: they all have one type.

use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::sleep;

pub struct Page {
    parts: Vec<JoinHandle<String>>,
}

impl Page {
    pub fn empty() -> Self {
        Self { parts: Vec::new() }
    }

    pub fn add(&mut self, part: impl Future<Output = String> + Send + 'static) {
        self.parts.push(tokio::spawn(part));
    }

    pub async fn load(self) -> Vec<String> {
        let mut texts = Vec::new();
        for part in self.parts {
            texts.push(part.await.expect("a part does not panic"));
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
