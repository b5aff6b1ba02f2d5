//! Every payment has to be audited: none is lost on the way into the queue, however long the auditor is away.
//!
//! Why payments were lost: `send(payment)` takes the payment when it is called, and keeps it while it waits. When the
//! timeout was over, it dropped the future, and the payment with it. Tokio calls `send` cancel safe because the *channel*
//! comes to no harm; your value does.
//!
//! `reserve` waits with empty hands. As long as there is no permit, the payment stays in `payments`, and it does not matter
//! who drops what. With the permit, the rest is done without an `.await` in between: nobody can drop it half-way.
//!
//! `send_timeout` gives the payment back when the time is over, which is enough where nothing else can cancel the call. Here
//! the caller may drop `forward` itself, and a payment inside `send_timeout` would go with it.
//!
//! Each `timeout` here drops a `reserve` that stood in line, and the next one starts at the end. With one sender that makes
//! no difference. With many, keep one `reserve` pinned and `select!` between it and a timer: it keeps its position.

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
        match timeout(patience, queue.reserve()).await {
            // From here to `send` there is no `.await`.
            Ok(Ok(permit)) => {
                if let Some(payment) = payments.pop_front() {
                    permit.send(payment);
                }
            }
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
