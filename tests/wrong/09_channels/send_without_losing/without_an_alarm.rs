//! fails: the_alarm_tells_how_long_a_payment_has_waited
//! says: and it was called never. Each payment's wait counts for itself, from its beginning
//!
//! Waits for a place, and calls no alarm.

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
    let _ = (patience, &mut alarm);
    while !payments.is_empty() {
        let permit = queue.reserve().await.map_err(|_| Closed)?;
        permit.send(payments.pop_front().expect("not empty"));
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
