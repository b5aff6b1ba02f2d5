//! fails: it_returns_when_the_last_feed_has_ended
//! says: later. `recv` returns `None` when every sender has been dropped, wherever it is kept
//!
//! The sender is dropped, but behind the loop that waits for it.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::sleep;

/// The feed of a website. Tests bring their own.
pub trait Feed: Send + 'static {
    /// Waits for the next article; `None` when the feed has no more.
    fn next(&mut self) -> impl Future<Output = Option<String>> + Send;
}

pub struct Reader {
    tx: mpsc::Sender<String>,
    rx: mpsc::Receiver<String>,
}

impl Reader {
    pub fn open() -> Self {
        let (tx, rx) = mpsc::channel(16);
        Self { tx, rx }
    }

    /// May be called at any time before `collect`, also when all feeds that were added before have ended.
    pub fn add(&mut self, mut feed: impl Feed) {
        let tx = self.tx.clone();
        tokio::spawn(async move {
            while let Some(article) = feed.next().await {
                if tx.send(article).await.is_err() {
                    // The reader has been dropped.
                    return;
                }
            }
        });
    }

    pub async fn collect(mut self) -> Vec<String> {
        let mut articles = Vec::new();
        while let Some(article) = self.rx.recv().await {
            articles.push(article);
        }
        drop(self.tx);
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
