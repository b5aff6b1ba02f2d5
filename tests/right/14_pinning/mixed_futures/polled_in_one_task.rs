//! One task polls all parts, each until it is ready.

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

    pub async fn load(self) -> Vec<String> {
        let mut parts: Vec<_> = self.parts.into_iter().map(|part| (part, None)).collect();
        poll_fn(|cx| {
            let mut pending = false;
            for (part, text) in parts.iter_mut().filter(|(_, text)| text.is_none()) {
                match part.as_mut().poll(cx) {
                    Poll::Ready(ready) => *text = Some(ready),
                    Poll::Pending => pending = true,
                }
            }
            if pending { Poll::Pending } else { Poll::Ready(()) }
        })
        .await;
        parts.into_iter().filter_map(|(_, text)| text).collect()
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
