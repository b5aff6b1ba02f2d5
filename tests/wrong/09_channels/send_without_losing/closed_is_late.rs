//! fails: without_an_auditor_the_rest_stays
//! says: payments were audited, and then `forward` did not come to rest. It asks again and again. A
//!
//! Takes a queue without an auditor for one that is full, and goes on waiting.

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
    while !payments.is_empty() {
        if let Ok(Ok(permit)) = timeout(patience, queue.reserve()).await {
            permit.send(payments.pop_front().expect("not empty"));
        } else {
            alarm();
            tokio::task::yield_now().await;
        }
        if queue.is_closed() && payments.len() > 1_000_000 {
            return Err(Closed);
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
