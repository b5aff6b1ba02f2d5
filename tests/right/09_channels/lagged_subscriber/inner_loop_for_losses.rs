//! Losses are counted inside, and what comes out is a change or the end.

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
    while let Some(product) = next_change(&mut feed, &mut report.missed).await {
        index.apply(product).await;
        report.applied += 1;
    }
    report
}

async fn next_change(feed: &mut broadcast::Receiver<u64>, missed: &mut u64) -> Option<u64> {
    loop {
        match feed.recv().await {
            Err(RecvError::Lagged(more)) => *missed += more,
            other => return other.ok(),
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
