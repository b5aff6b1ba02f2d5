//! fails: each_reader_has_articles_of_its_own
//! says: Two readers collected at the same time, and the first one returned other articles than those
//!
//! All readers share one channel.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinSet;
use tokio::time::sleep;

/// The feed of a website. Tests bring their own.
pub trait Feed: Send + 'static {
    /// Waits for the next article; `None` when the feed has no more.
    fn next(&mut self) -> impl Future<Output = Option<String>> + Send;
}

type Ends = (mpsc::UnboundedSender<String>, Mutex<mpsc::UnboundedReceiver<String>>);

static ARTICLES: LazyLock<Ends> = LazyLock::new(|| {
    let (tx, rx) = mpsc::unbounded_channel();
    (tx, Mutex::new(rx))
});

pub struct Reader {
    feeds: JoinSet<()>,
    ends: Arc<&'static Ends>,
}

impl Reader {
    pub fn open() -> Self {
        Self { feeds: JoinSet::new(), ends: Arc::new(&ARTICLES) }
    }

    /// May be called at any time before `collect`, also when all feeds that were added before have ended.
    pub fn add(&mut self, mut feed: impl Feed) {
        let tx = self.ends.0.clone();
        self.feeds.spawn(async move {
            while let Some(article) = feed.next().await {
                if tx.send(article).is_err() {
                    // The reader has been dropped.
                    return;
                }
            }
        });
    }

    pub async fn collect(mut self) -> Vec<String> {
        while self.feeds.join_next().await.is_some() {}
        let mut articles = Vec::new();
        while let Ok(article) = self.ends.1.lock().await.try_recv() {
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
