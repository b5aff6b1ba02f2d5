//! fails: a_place_is_taken_at_once
//! says: places were free, while payments were waiting. A place is taken as soon as there is one
//!
//! Waits until there is room for all payments.

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
    let mut permits = loop {
        match timeout(patience, queue.reserve_many(payments.len().min(queue.max_capacity()))).await {
            Ok(permits) => break permits.map_err(|_| Closed)?,
            Err(_) => alarm(),
        }
    };
    while let Some(permit) = permits.next() {
        if let Some(payment) = payments.pop_front() {
            permit.send(payment);
        }
    }
    drop(permits);
    if payments.is_empty() { Ok(()) } else { Box::pin(forward(payments, queue, patience, alarm)).await }
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
