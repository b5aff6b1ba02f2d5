//! fails: any_number_is_a_limit
//! says: even if the number is the same as before

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::sleep;

/// Something that limits requests. Tests bring their own.
pub trait Gateway {
    fn apply(&mut self, limit: u32) -> impl Future<Output = ()>;
}

pub async fn follow(limits: &watch::Receiver<u32>, gateway: &mut impl Gateway) {
    let mut limits = limits.clone();
    let mut last = None;
    loop {
        let limit = *limits.borrow_and_update();
        if last != Some(limit) {
            gateway.apply(limit).await;
            last = Some(limit);
        }
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
