//! fails: parts_of_all_kinds_wait_side_by_side
//! says: polled a future again that had been ready
//!
//! Polls all parts in each poll, also those that were ready.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

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

    pub async fn load(mut self) -> Vec<String> {
        let mut texts = vec![None; self.parts.len()];
        poll_fn(|cx| {
            for (part, text) in self.parts.iter_mut().zip(&mut texts) {
                if let Poll::Ready(ready) = part.as_mut().poll(cx) {
                    *text = Some(ready);
                }
            }
            if texts.iter().all(Option::is_some) { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
        texts.into_iter().flatten().collect()
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
