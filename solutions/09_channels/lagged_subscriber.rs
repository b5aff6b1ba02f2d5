//! A search index follows the changes of a product catalogue, and knows how many it missed.
//!
//! Why the old loop stopped: `while let Ok(…)` ends at any error, and `recv` has two. `Closed` is the end. `Lagged(n)` is
//! not: the channel has overwritten n changes that this receiver had not read yet, and the next `recv` returns the oldest
//! one that is left. Taking both for the end loses the subscription at the first slow moment. Ignoring both is as bad, for
//! a closed channel returns `Closed` at once, every time, and the loop never rests.
//!
//! Here the index only counts what it missed. Where a gap matters, this arm is the place to close it: read the whole
//! catalogue again, say. A channel that must not lose anything has to be an `mpsc`, and then a slow index slows the
//! catalogue down.

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
    loop {
        match feed.recv().await {
            Ok(product) => {
                index.apply(product).await;
                report.applied += 1;
            }
            // It can happen any number of times, so the losses add up.
            Err(RecvError::Lagged(missed)) => report.missed += missed,
            // Comes after the last change that the channel still had.
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
