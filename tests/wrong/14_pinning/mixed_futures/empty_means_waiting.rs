//! fails: texts_have_the_order_of_add
//! says: `load` polled a future again that had been ready. After `Ready` a future must not be polled any
//!
//! A value is a value, also an empty text; nothing is polled again after it was ready: a part with an empty text is.

use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use tokio::time::sleep;

type Part = Pin<Box<dyn Future<Output = String> + Send>>;

pub struct Page {
    parts: Vec<Part>,
}

impl Page {
    pub fn empty() -> Self {
        Self { parts: Vec::new() }
    }

    pub fn add(&mut self, part: impl Future<Output = String> + Send + 'static) {
        self.parts.push(Box::pin(part));
    }

    pub async fn load(self) -> Vec<String> {
        let mut parts = self.parts;
        let mut texts = vec![String::new(); parts.len()];
        std::future::poll_fn(move |cx| {
            let mut all = true;
            for (part, text) in parts.iter_mut().zip(&mut texts) {
                if text.is_empty() {
                    match part.as_mut().poll(cx) {
                        Poll::Ready(done) => *text = done,
                        Poll::Pending => all = false,
                    }
                }
            }
            if all { Poll::Ready(std::mem::take(&mut texts)) } else { Poll::Pending }
        })
        .await
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
