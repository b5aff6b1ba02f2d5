//! fails: compile E0308
//! says: your file compiles, but the hidden tests cannot use it
//!
//! Awaits each part when it is added: texts have one type.

use std::time::Duration;

use tokio::time::sleep;

pub struct Page {
    parts: Vec<String>,
}

impl Page {
    pub fn empty() -> Self {
        Self { parts: Vec::new() }
    }

    pub fn add(&mut self, part: String) {
        self.parts.push(part);
    }

    pub async fn load(self) -> Vec<String> {
        self.parts
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
    page.add(weather("Oslo").await);
    page.add(inbox(7).await);
    println!("{:?}", page.load().await);
}
