//! A feed reader: a task for each feed, and one channel in which all articles meet.
//!
//! Why `collect` did not return: `recv` gives `None` when the queue is empty and *every* sender is gone. The tasks dropped
//! theirs when their feeds ended. The one that they were cloned from was still there, in the reader itself: a value that
//! owns both ends of a channel keeps that channel open. Nothing would ever be sent through it, but `recv` cannot know that.
//!
//! No count of articles or of feeds is needed, and none would be as good: a task that panics drops its sender, too, and has
//! no chance to count. Nor would a time limit be: it either cuts a slow feed off or keeps you waiting.
//!
//! A `JoinSet` in place of the senders' count is as good, if each task puts its articles where `collect` finds them: then
//! the end of the tasks is what `collect` waits for. Take the channel where articles are used as they come.

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

    pub async fn collect(self) -> Vec<String> {
        let Self { tx, mut rx } = self;
        // No more feeds from here on: the senders that are left belong to the tasks. (`let _ = tx` would drop nothing.)
        drop(tx);
        let mut articles = Vec::new();
        while let Some(article) = rx.recv().await {
            articles.push(article);
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
