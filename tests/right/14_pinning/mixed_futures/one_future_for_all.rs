//! Not a list, but one boxed future: each `add` joins it with the next part.

use std::future::pending;
use std::mem;
use std::pin::Pin;
use std::time::Duration;

use tokio::join;
use tokio::time::sleep;

pub struct Page {
    all: Pin<Box<dyn Future<Output = Vec<String>> + Send>>,
}

impl Page {
    pub fn empty() -> Self {
        Self { all: Box::pin(async { Vec::new() }) }
    }

    pub fn add(&mut self, part: impl Future<Output = String> + Send + 'static) {
        let before = mem::replace(&mut self.all, Box::pin(pending()));
        self.all = Box::pin(async move {
            let (mut texts, text) = join!(before, part);
            texts.push(text);
            texts
        });
    }

    pub async fn load(self) -> Vec<String> {
        self.all.await
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
