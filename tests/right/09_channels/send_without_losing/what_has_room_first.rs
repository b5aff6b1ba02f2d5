//! Takes free places without waiting, and waits only when there is none.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::sync::mpsc::error::TrySendError;
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
    loop {
        while !payments.is_empty() {
            match queue.try_reserve() {
                Ok(permit) => permit.send(payments.pop_front().expect("not empty")),
                Err(TrySendError::Full(())) => break,
                Err(TrySendError::Closed(())) => return Err(Closed),
            }
            tokio::task::consume_budget().await;
        }
        if payments.is_empty() {
            return Ok(());
        }
        loop {
            match timeout(patience, queue.reserve()).await {
                Err(_) => alarm(),
                Ok(Err(_)) => return Err(Closed),
                Ok(Ok(permit)) => {
                    permit.send(payments.pop_front().expect("not empty"));
                    break;
                }
            }
        }
    }
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
