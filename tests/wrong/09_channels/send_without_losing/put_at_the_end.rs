//! fails: none_is_lost_while_the_auditor_is_away
//! says: in another order than that of `payments`
//!
//! After a timeout, the payment goes to the end of the list.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::sync::mpsc::error::SendTimeoutError;
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
    while let Some(payment) = payments.pop_front() {
        match queue.send_timeout(payment, patience).await {
            Ok(()) => {}
            Err(SendTimeoutError::Timeout(payment)) => {
                payments.push_back(payment);
                alarm();
            }
            Err(SendTimeoutError::Closed(payment)) => {
                payments.push_front(payment);
                return Err(Closed);
            }
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
