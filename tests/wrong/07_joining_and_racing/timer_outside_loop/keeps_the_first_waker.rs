//! fails: another_task_may_go_on
//! says: which was never woken

use std::future::poll_fn;
use std::pin::pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use tokio::sync::mpsc::{Receiver, channel};
use tokio::time::sleep;

/// Offers are in cents.
pub async fn collect(mut offers: Receiver<u64>, budget: Duration) -> Vec<u64> {
    let waker = poll_fn(|cx| Poll::Ready(cx.waker().clone())).await;
    let mut over = pin!(sleep(budget));
    let mut collected = Vec::new();
    poll_fn(|_| {
        let mut cx = Context::from_waker(&waker);
        if over.as_mut().poll(&mut cx).is_ready() {
            return Poll::Ready(());
        }
        while let Poll::Ready(offer) = offers.poll_recv(&mut cx) {
            match offer {
                Some(cents) => collected.push(cents),
                None => return Poll::Ready(()),
            }
        }
        Poll::Pending
    })
    .await;
    collected
}

#[tokio::main]
async fn main() {
    let (shops, offers) = channel(8);
    tokio::spawn(async move {
        for cents in [1990, 1750, 2400, 1690, 1820, 2050, 1699, 1910, 1800, 1725] {
            sleep(Duration::from_millis(200)).await;
            if shops.send(cents).await.is_err() {
                break;
            }
        }
    });
    let start = Instant::now();
    let collected = collect(offers, Duration::from_millis(500)).await;
    println!("{} offers after {} ms: {collected:?}", collected.len(), start.elapsed().as_millis());
}
