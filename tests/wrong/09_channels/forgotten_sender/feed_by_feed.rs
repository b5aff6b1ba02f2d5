//! fails: it_returns_when_the_last_feed_has_ended
//! says: in which they came in, whatever feed they are from
//!
//! Each task keeps its articles, and the handles are awaited in the order of `add`.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::sleep;

/// The feed of a website. Tests bring their own.
pub trait Feed: Send + 'static {
    /// Waits for the next article; `None` when the feed has no more.
    fn next(&mut self) -> impl Future<Output = Option<String>> + Send;
}

pub struct Reader {
    feeds: Vec<(Arc<Mutex<Vec<String>>>, JoinHandle<()>)>,
}

impl Reader {
    pub fn open() -> Self {
        Self { feeds: Vec::new() }
    }

    /// May be called at any time before `collect`, also when all feeds that were added before have ended.
    pub fn add(&mut self, mut feed: impl Feed) {
        let articles = Arc::new(Mutex::new(Vec::new()));
        let list = articles.clone();
        let task = tokio::spawn(async move {
            while let Some(article) = feed.next().await {
                list.lock().unwrap().push(article);
            }
        });
        self.feeds.push((articles, task));
    }

    pub async fn collect(self) -> Vec<String> {
        let mut all = Vec::new();
        for (articles, task) in self.feeds {
            let _ = task.await;
            all.append(&mut articles.lock().unwrap());
        }
        all
    }
}

/// Has three articles, with a pause before each.
struct Site(&'static str, Duration, u32);

impl Feed for Site {
    async fn next(&mut self) -> Option<String> {
        let Self(name, pause, number) = self;
        *number += 1;
        if *number > 3 {
            println!("  {name} has no more");
            return None;
        }
        sleep(*pause).await;
        println!("  {name} has article {number}");
        Some(format!("{name} {number}"))
    }
}

#[tokio::main]
async fn main() {
    let mut reader = Reader::open();
    reader.add(Site("Gazette", Duration::from_millis(200), 0));
    reader.add(Site("Herald", Duration::from_millis(130), 0));
    println!("{:?}", reader.collect().await);
}
