//! fails: add_starts_nothing
//! says: before `load`
//!
//! Spawns in `add` where a runtime is running, and in `load` otherwise.

use std::pin::Pin;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use tokio::time::sleep;

enum Part {
    Started(JoinHandle<String>),
    Stored(Pin<Box<dyn Future<Output = String> + Send>>),
}

pub struct Page {
    parts: Vec<Part>,
}

impl Page {
    pub fn empty() -> Self {
        Self { parts: Vec::new() }
    }

    pub fn add(&mut self, part: impl Future<Output = String> + Send + 'static) {
        self.parts.push(match Handle::try_current() {
            Ok(runtime) => Part::Started(runtime.spawn(part)),
            Err(_) => Part::Stored(Box::pin(part)),
        });
    }

    pub async fn load(self) -> Vec<String> {
        let start = |part| match part {
            Part::Started(task) => task,
            Part::Stored(part) => tokio::spawn(part),
        };
        let tasks: Vec<_> = self.parts.into_iter().map(start).collect();
        let mut texts = Vec::new();
        for task in tasks {
            texts.push(task.await.expect("a part does not panic"));
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
