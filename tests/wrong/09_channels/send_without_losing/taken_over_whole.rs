//! fails: a_dropped_forward_leaves_the_rest
//! says: it had been taken out of `payments`, and did not get into the queue. Take a payment out when
//!
//! Takes the whole list over, and gives back what is left only if there is no auditor.

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
    let mut mine = std::mem::take(payments);
    while !mine.is_empty() {
        match timeout(patience, queue.reserve()).await {
            Ok(Ok(permit)) => permit.send(mine.pop_front().expect("not empty")),
            Ok(Err(_)) => {
                *payments = mine;
                return Err(Closed);
            }
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
