//! fails: a_feed_that_panics_has_ended
//! says: later. A feed that panics has ended, too, and its task has no chance to say so: all that a
//!
//! Each task says when it is done. One that panics does not.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::sleep;

/// The feed of a website. Tests bring their own.
pub trait Feed: Send + 'static {
    /// Waits for the next article; `None` when the feed has no more.
    fn next(&mut self) -> impl Future<Output = Option<String>> + Send;
}

pub struct Reader {
    tx: mpsc::Sender<Option<String>>,
    rx: mpsc::Receiver<Option<String>>,
    feeds: usize,
}

impl Reader {
    pub fn open() -> Self {
        let (tx, rx) = mpsc::channel(16);
        Self { tx, rx, feeds: 0 }
    }

    /// May be called at any time before `collect`, also when all feeds that were added before have ended.
    pub fn add(&mut self, mut feed: impl Feed) {
        self.feeds += 1;
        let tx = self.tx.clone();
        tokio::spawn(async move {
            while let Some(article) = feed.next().await {
                if tx.send(Some(article)).await.is_err() {
                    return;
                }
            }
            let _ = tx.send(None).await;
        });
    }

    pub async fn collect(mut self) -> Vec<String> {
        let mut articles = Vec::new();
        while self.feeds > 0 {
            match self.rx.recv().await {
                Some(Some(article)) => articles.push(article),
                _ => self.feeds -= 1,
            }
        }
        articles
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
