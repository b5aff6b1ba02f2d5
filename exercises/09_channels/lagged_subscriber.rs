//! A search index follows the changes of a product catalogue. `follow` applies one change
//! after another, in their order, and takes the next one from the feed only after the
//! previous one is applied. The feed ends when its last sender is gone: then `follow`
//! applies the changes that are still in it, and returns its report.
//!
//! When the index is slower than the catalogue, the feed overwrites the oldest changes. The
//! report says how many the index missed that way. So far, an index that falls behind once
//! is lost: it stops there, and reports that it missed nothing.

use std::time::Duration;

use tokio::sync::broadcast;
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
    let mut report = Report::default();
    while let Ok(product) = feed.recv().await {
        index.apply(product).await;
        report.applied += 1;
    }
    report
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
