//! Every payment has to be audited. `forward` moves payments into the auditor's queue, the oldest first. The auditor may
//! take a break, and then the queue is full. When a payment has waited for `patience`, `forward` calls `alarm`, calls it
//! again each time that another `patience` has passed, and goes on waiting.
//!
//! A payment is never copied. It is in `payments` or in the queue, always: also when `forward` is dropped while it waits, and
//! when there is no auditor any more. In `cargo run` the auditor comes late, and never sees some of the payments.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::sync::mpsc::{self, Sender};
use tokio::time::{sleep, timeout};

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
    while let Some(payment) = payments.pop_front() {
        match timeout(patience, queue.send(payment)).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) => return Err(Closed),
            Err(_) => alarm(),
        }
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
