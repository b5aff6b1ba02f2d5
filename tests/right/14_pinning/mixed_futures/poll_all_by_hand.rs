//! No tasks: one poll_fn polls the parts that are not ready yet, and drops those that are.

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
        let mut parts: Vec<Option<Part>> = self.parts.into_iter().map(Some).collect();
        let mut texts: Vec<Option<String>> = parts.iter().map(|_| None).collect();
        std::future::poll_fn(move |cx| {
            let mut all = true;
            for (slot, text) in parts.iter_mut().zip(&mut texts) {
                if let Some(part) = slot {
                    match part.as_mut().poll(cx) {
                        Poll::Ready(done) => {
                            *text = Some(done);
                            *slot = None;
                        }
                        Poll::Pending => all = false,
                    }
                }
            }
            if all { Poll::Ready(texts.iter_mut().filter_map(Option::take).collect()) } else { Poll::Pending }
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
