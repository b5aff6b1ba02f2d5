//! Polls the place and the timer by hand, the place first.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::sync::mpsc::{self, Sender};
use tokio::time::sleep;

/// There is no auditor any more: the receiver of the queue has been dropped.
#[derive(Debug, PartialEq)]
pub struct Closed;

/// Returns `Ok` when `payments` is empty, and `Closed` as soon as there is no auditor. `patience` is never zero.
pub async fn forward<P>(
    payments: &mut VecDeque<P>,
    queue: &Sender<P>,
    patience: Duration,
    mut alarm: impl FnMut(),
) -> Result<(), Closed> {
    while !payments.is_empty() {
        let mut place = std::pin::pin!(queue.reserve());
        let mut timer = std::pin::pin!(sleep(patience));
        let permit = std::future::poll_fn(|context| {
            loop {
                if let std::task::Poll::Ready(permit) = place.as_mut().poll(context) {
                    return std::task::Poll::Ready(permit);
                }
                if timer.as_mut().poll(context).is_pending() {
                    return std::task::Poll::Pending;
                }
                alarm();
                timer.set(sleep(patience));
            }
        })
        .await;
        permit.map_err(|_| Closed)?.send(payments.pop_front().expect("not empty"));
    }
    Ok(())
}

#[tokio::main]
async fn main() {
    let (queue, mut desk) = mpsc::channel(2);
    let auditor = tokio::spawn(async move {
        sleep(Duration::from_millis(700)).await;
        while let Some(payment) = desk.recv().await {
            println!("audited: {payment}");
        }
    });

    let mut payments: VecDeque<_> = (1..=8).map(|number| format!("payment {number}")).collect();
    let alarm = || println!("the auditor is late");
    println!("{:?}", forward(&mut payments, &queue, Duration::from_millis(200), alarm).await);
    drop(queue);
    auditor.await.expect("auditing does not panic");
}
