//! A trait that every such future implements, and boxes of that trait.

use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::sleep;

trait Part: Send {
    fn start(self: Box<Self>, place: usize, tasks: &mut JoinSet<(usize, String)>);
}

impl<F: Future<Output = String> + Send + 'static> Part for F {
    fn start(self: Box<Self>, place: usize, tasks: &mut JoinSet<(usize, String)>) {
        tasks.spawn(async move { (place, Box::into_pin(self).await) });
    }
}

pub struct Page {
    parts: Vec<Box<dyn Part>>,
}

impl Page {
    pub fn empty() -> Self {
        Self { parts: Vec::new() }
    }

    pub fn add(&mut self, part: impl Future<Output = String> + Send + 'static) {
        self.parts.push(Box::new(part));
    }

    pub async fn load(self) -> Vec<String> {
        let mut tasks = JoinSet::new();
        for (place, part) in self.parts.into_iter().enumerate() {
            part.start(place, &mut tasks);
        }
        let mut texts = vec![String::new(); tasks.len()];
        while let Some(done) = tasks.join_next().await {
            let (place, text) = done.expect("a part does not panic");
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
