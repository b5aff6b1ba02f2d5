//! fails: texts_have_the_order_of_add
//! says: order
//!
//! Sorts the texts, without their places.

use std::pin::Pin;
use std::time::Duration;

use tokio::task::JoinSet;
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
        let mut tasks = JoinSet::new();
        for part in self.parts {
            tasks.spawn(part);
        }
        let mut texts = tasks.join_all().await;
        texts.sort();
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
