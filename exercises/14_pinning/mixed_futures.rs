//! A start page is made of parts: the weather, the inbox, and whatever else other teams write. A part is any future that
//! resolves to a text. Which parts a page has, and how many, is up to its user. `add` stores a part and does not start it;
//! it is also called where no runtime is running. `load` lets all parts wait side by side and returns their texts in the
//! order in which the parts were added. If the page is dropped, or `load` is, the parts are dropped as well.
//! A server runs `load` in tasks, on several threads.
//!
//! A page with one kind of part works. The page in `main` has two kinds, and does not compile.

use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::sleep;

pub struct Page<F> {
    parts: Vec<F>,
}

impl<F: Future<Output = String> + Send + 'static> Page<F> {
    pub fn empty() -> Self {
        Self { parts: Vec::new() }
    }

    pub fn add(&mut self, part: F) {
        self.parts.push(part);
    }

    pub async fn load(self) -> Vec<String> {
        let mut tasks = JoinSet::new();
        for (place, part) in self.parts.into_iter().enumerate() {
            tasks.spawn(async move { (place, part.await) });
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
    page.add(weather("Oslo"));
    page.add(inbox(7));
    println!("{:?}", page.load().await);
}
