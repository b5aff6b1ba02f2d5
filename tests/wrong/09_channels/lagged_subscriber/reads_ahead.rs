//! fails: it_takes_a_change_when_the_last_one_is_applied
//! says: keeps them somewhere

use std::time::Duration;

use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, mpsc};
use tokio::time::sleep;

#[derive(Debug, Default, PartialEq)]
pub struct Report {
    pub applied: u64,
    pub missed: u64,
}

/// What has to be kept up to date. Tests bring their own.
pub trait Index {
    /// Looks the product up in the catalogue and indexes it again.
    fn apply(&mut self, product: u64) -> impl Future<Output = ()>;
}

pub async fn follow(mut feed: broadcast::Receiver<u64>, index: &mut impl Index) -> Report {
    let (keep, mut kept) = mpsc::unbounded_channel();
    // Reads the feed at once, so that nothing is overwritten.
    let reader = tokio::spawn(async move {
        let mut missed = 0;
        loop {
            match feed.recv().await {
                Ok(product) => {
                    let _ = keep.send(product);
                }
                Err(RecvError::Lagged(lost)) => missed += lost,
                Err(RecvError::Closed) => return missed,
            }
        }
    });
    let mut applied = 0;
    while let Some(product) = kept.recv().await {
        index.apply(product).await;
        applied += 1;
    }
    Report { applied, missed: reader.await.unwrap() }
}

struct SlowIndex;

impl Index for SlowIndex {
    async fn apply(&mut self, product: u64) {
        sleep(Duration::from_millis(30)).await;
        println!("  product {product} is indexed");
    }
}

#[tokio::main]
async fn main() {
    let (catalogue, feed) = broadcast::channel(4);
    tokio::spawn(async move {
        for product in 1..=20 {
            // An error would mean that nobody follows the catalogue.
            let _ = catalogue.send(product);
            sleep(Duration::from_millis(10)).await;
        }
    });
    let report = follow(feed, &mut SlowIndex).await;
    println!("20 changes were sent: {report:?}");
}
