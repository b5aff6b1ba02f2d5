//! Takes the payment out first; a guard puts it back unless it was sent.

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
    /// Puts the payment back to where it was, if it is still here when this is dropped.
    struct InHand<'a, P> {
        payments: &'a mut VecDeque<P>,
        payment: Option<P>,
    }

    impl<P> Drop for InHand<'_, P> {
        fn drop(&mut self) {
            if let Some(payment) = self.payment.take() {
                self.payments.push_front(payment);
            }
        }
    }

    while let Some(payment) = payments.pop_front() {
        let mut hand = InHand { payments: &mut *payments, payment: Some(payment) };
        let permit = loop {
            match timeout(patience, queue.reserve()).await {
                Ok(Ok(permit)) => break permit,
                Ok(Err(_)) => return Err(Closed),
                Err(_) => alarm(),
            }
        };
        if let Some(payment) = hand.payment.take() {
            permit.send(payment);
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
