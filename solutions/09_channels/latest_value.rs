//! A gateway always has the newest limit.
//!
//! Why the old loop never rested: a receiver remembers which version it has seen, and each turn asked a new clone. That
//! clone saw the limit and was dropped; the original had still not seen it, and so the next clone had not seen it either.
//! `changed` returned at once, forever. One receiver that lives as long as the loop remembers.
//!
//! `borrow_and_update` reads and marks as seen in one step. With `borrow`, a limit that was unseen when `follow` was
//! called would be applied twice: by the first `apply`, and again when `changed` reports it.
//!
//! The number goes into a variable first. In `gateway.apply(*limits.borrow_and_update()).await`, the guard would be a
//! temporary that lives until the end of the statement, across the `.await`: an operator who sets a limit meanwhile would
//! block, and with everything on one thread nothing would ever move again.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::sleep;

/// Something that limits requests. Tests bring their own.
pub trait Gateway {
    fn apply(&mut self, limit: u32) -> impl Future<Output = ()>;
}

pub async fn follow(limits: &watch::Receiver<u32>, gateway: &mut impl Gateway) {
    // A mark of our own, which other gateways don't move.
    let mut limits = limits.clone();
    loop {
        let limit = *limits.borrow_and_update();
        gateway.apply(limit).await;
        // Reports an unseen limit before it reports that nobody is left to set one.
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
