//! fails: compile E0308
//! says: your file compiles, but the hidden tests cannot use it
//!
//! A type for the two kinds in `main`, and for no other.

use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::sleep;

pub enum Part {
    Weather(&'static str),
    Inbox(u32),
}

pub struct Page {
    parts: Vec<Part>,
}

impl Page {
    pub fn empty() -> Self {
        Self { parts: Vec::new() }
    }

    pub fn add(&mut self, part: Part) {
        self.parts.push(part);
    }

    pub async fn load(self) -> Vec<String> {
        let mut tasks = JoinSet::new();
        for (place, part) in self.parts.into_iter().enumerate() {
            tasks.spawn(async move {
                match part {
                    Part::Weather(city) => (place, weather(city).await),
                    Part::Inbox(user) => (place, inbox(user).await),
                }
            });
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
    page.add(Part::Weather("Oslo"));
    page.add(Part::Inbox(7));
    println!("{:?}", page.load().await);
}
