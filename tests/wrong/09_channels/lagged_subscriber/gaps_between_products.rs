//! fails: every_missed_change_is_counted
//! says: `Lagged` carries the number of changes
//!
//! Products are not numbered in the order of their changes.

use std::time::Duration;

use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;
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
    let mut last = None;
    loop {
        match feed.recv().await {
            Ok(product) => {
                if let Some(last) = last.replace(product) {
                    report.missed += product.saturating_sub(last + 1);
                }
                index.apply(product).await;
                report.applied += 1;
            }
            Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return report,
        }
    }
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
