//! No channel: the tasks push into one list, and the end of the last one is the end.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::sleep;

/// The feed of a website. Tests bring their own.
pub trait Feed: Send + 'static {
    /// Waits for the next article; `None` when the feed has no more.
    fn next(&mut self) -> impl Future<Output = Option<String>> + Send;
}

pub struct Reader {
    articles: Arc<Mutex<Vec<String>>>,
    feeds: JoinSet<()>,
}

impl Reader {
    pub fn open() -> Self {
        Self { articles: Arc::default(), feeds: JoinSet::new() }
    }

    /// May be called at any time before `collect`, also when all feeds that were added before have ended.
    pub fn add(&mut self, mut feed: impl Feed) {
        let articles = Arc::clone(&self.articles);
        self.feeds.spawn(async move {
            while let Some(article) = feed.next().await {
                articles.lock().unwrap_or_else(PoisonError::into_inner).push(article);
            }
        });
    }

    pub async fn collect(mut self) -> Vec<String> {
        while self.feeds.join_next().await.is_some() {}
        std::mem::take(&mut *self.articles.lock().unwrap_or_else(PoisonError::into_inner))
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
