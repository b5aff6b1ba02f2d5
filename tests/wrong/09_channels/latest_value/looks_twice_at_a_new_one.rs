//! fails: each_limit_is_applied_once
//! says: mark it as seen
//!
//! What was set while the gateway was busy is applied. But `borrow` moves no mark, so the first limit may be unseen.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::sleep;

/// Something that limits requests. Tests bring their own.
pub trait Gateway {
    fn apply(&mut self, limit: u32) -> impl Future<Output = ()>;
}

pub async fn follow(limits: &watch::Receiver<u32>, gateway: &mut impl Gateway) {
    let mut limits = limits.clone();
    loop {
        let limit = *limits.borrow();
        gateway.apply(limit).await;
        if limits.changed().await.is_err() {
            return;
        }
    }
}

struct Printer;

impl Gateway for Printer {
    async fn apply(&mut self, limit: u32) {
        println!("  {limit} requests a second");
        sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::main]
async fn main() {
    let (operator, limits) = watch::channel(100);
    let operate = async move {
        for limit in [250, 400, 50] {
            sleep(Duration::from_millis(100)).await;
            operator.send_replace(limit);
        }
    };
    let mut printer = Printer;
    tokio::join!(operate, follow(&limits, &mut printer));
    println!("nobody sets limits any more");
}
