//! fails: compile E0277
//! says: cannot use it: `(dyn Future<Output = String> + 'static)` cannot be sent
//!
//! Gets rid of `Send` by polling everything in one task; but `load` itself runs in one.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use tokio::time::sleep;

pub struct Page {
    parts: Vec<Pin<Box<dyn Future<Output = String>>>>,
}

impl Page {
    pub fn empty() -> Self {
        Self { parts: Vec::new() }
    }

    pub fn add<F: Future<Output = String> + 'static>(&mut self, part: F) {
        self.parts.push(Box::pin(part));
    }

    pub async fn load(self) -> Vec<String> {
        let mut parts: Vec<_> = self.parts.into_iter().map(|part| (part, None)).collect();
        poll_fn(|cx| {
            for (part, text) in &mut parts {
                if text.is_none()
                    && let Poll::Ready(ready) = part.as_mut().poll(cx)
                {
                    *text = Some(ready);
                }
            }
            if parts.iter().all(|(_, text)| text.is_some()) { Poll::Ready(()) } else { Poll::Pending }
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
