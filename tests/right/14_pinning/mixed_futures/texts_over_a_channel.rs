//! Each part sends its text, with its place.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::sleep;

pub struct Page {
    // A pinned box is `Unpin`, whatever is in it, so the outer box need not be pinned.
    parts: Vec<Box<dyn Future<Output = String> + Send + Unpin>>,
}

impl Page {
    pub fn empty() -> Self {
        Self { parts: Vec::new() }
    }

    pub fn add(&mut self, part: impl Future<Output = String> + Send + 'static) {
        self.parts.push(Box::new(Box::pin(part)));
    }

    pub async fn load(self) -> Vec<String> {
        let mut texts = vec![String::new(); self.parts.len()];
        let (tx, mut rx) = mpsc::channel(8);
        let mut tasks = JoinSet::new();
        for (place, part) in self.parts.into_iter().enumerate() {
            let tx = tx.clone();
            tasks.spawn(async move { tx.send((place, part.await)).await });
        }
        drop(tx);
        while let Some((place, text)) = rx.recv().await {
            texts[place] = text;
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
