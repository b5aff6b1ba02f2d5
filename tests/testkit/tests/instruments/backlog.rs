//! The gauge counts what is between the two ends of a queue.

use testkit::{Backlog, vt};
use tokio::sync::mpsc;
use tokio::time::{Duration, sleep};

/// Sends ten values to somebody who needs a second for each.
fn ten(capacity: usize) -> Backlog {
    let backlog = Backlog::new();
    vt(async {
        let (tx, mut rx) = mpsc::channel(capacity);
        let gauge = backlog.clone();
        tokio::spawn(async move {
            for number in 0..10 {
                gauge.push();
                tx.send(number).await.expect("the receiver lives as long");
            }
        });
        while rx.recv().await.is_some() {
            sleep(Duration::from_secs(1)).await;
            backlog.pop();
        }
    });
    backlog
}

#[test]
fn a_bounded_queue_shows_its_bound() {
    // Besides the queue, one waits in `send`, and one is being worked on.
    let backlog = ten(3);
    assert_eq!((backlog.max(), backlog.pushed(), backlog.popped(), backlog.now()), (5, 10, 10, 0));
}

#[test]
fn a_bound_that_is_never_reached_shows_as_none() {
    assert_eq!(ten(100).max(), 10);
}

#[test]
fn more_out_than_in_is_an_empty_queue() {
    let backlog = Backlog::new();
    backlog.pop();
    assert_eq!((backlog.now(), backlog.max()), (0, 0));
}
