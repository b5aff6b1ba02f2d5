//! Operators set how many requests a second an API gateway lets through. `follow` keeps a
//! gateway up to date: it applies the current limit at once. From then on, whenever a new
//! limit was set, it applies the newest one, once, even if the number is the same as before.
//! Limits that were replaced while the gateway was busy are skipped. `follow` returns when
//! the last sender is gone and the last limit is applied.
//!
//! Several gateways follow the same receiver, and setting a limit never waits for a gateway.
//!
//! `cargo run` applies the same limit over and over again, and never ends.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::sleep;

/// Something that limits requests. Tests bring their own.
pub trait Gateway {
    fn apply(&mut self, limit: u32) -> impl Future<Output = ()>;
}

pub async fn follow(limits: &watch::Receiver<u32>, gateway: &mut impl Gateway) {
    let limit = *limits.borrow();
    gateway.apply(limit).await;
    loop {
        // `changed` needs a `&mut`, and other gateways use this receiver, too.
        let mut limits = limits.clone();
        if limits.changed().await.is_err() {
            return;
        }
        let limit = *limits.borrow();
        gateway.apply(limit).await;
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
