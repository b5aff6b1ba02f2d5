//! The gate opens once, for all, and knows who waits.

use std::task::Poll;

use testkit::{CountingWaker, Gate, assert_send, assert_static, poll_once, rt, settle, vt};

#[test]
fn it_counts_who_waits_and_forgets_who_leaves() {
    let (gate, counter) = (Gate::new(), CountingWaker::new());
    let waker = counter.waker();
    let mut first = gate.wait();
    let mut second = gate.wait();
    assert_eq!(gate.waiters(), 0, "nobody has been polled");
    assert_eq!(poll_once(&mut first, &waker), Poll::Pending);
    assert_eq!(poll_once(&mut first, &waker), Poll::Pending);
    assert_eq!(poll_once(&mut second, &waker), Poll::Pending);
    assert_eq!(gate.waiters(), 2);
    drop(first);
    assert_eq!((gate.waiters(), counter.live_clones()), (1, 2));
    gate.open();
    assert_eq!((gate.waiters(), counter.wakes(), counter.live_clones()), (0, 1, 1));
    assert_eq!(poll_once(&mut second, &waker), Poll::Ready(()));
    assert_eq!(poll_once(&mut gate.wait(), &waker), Poll::Ready(()), "those who come later go on, too");
    gate.open();
    assert_eq!(counter.wakes(), 1);
}

#[test]
fn the_newest_waker_counts() {
    let (gate, old, new) = (Gate::new(), CountingWaker::new(), CountingWaker::new());
    let mut wait = gate.wait();
    assert!(poll_once(&mut wait, &old.waker()).is_pending());
    assert!(poll_once(&mut wait, &new.waker()).is_pending());
    assert_eq!(old.live_clones(), 0);
    gate.open();
    assert_eq!((old.wakes(), new.wakes()), (0, 1));
}

#[test]
fn hooks_of_wakers_may_use_the_gate() {
    let (gate, counter) = (Gate::new(), CountingWaker::new());
    let inside = gate.clone();
    counter.on_clone(move || assert!(!inside.is_open()));
    let inside = gate.clone();
    counter.on_wake(move || assert!(inside.is_open() && inside.waiters() == 0));
    let mut wait = gate.wait();
    assert!(poll_once(&mut wait, &counter.waker()).is_pending());
    gate.open();
    assert_eq!(counter.wakes(), 1);
}

#[test]
fn tasks_wait_for_it() {
    let gate = Gate::new();
    assert_send(&gate.wait());
    assert_static(&gate.wait());
    let at_once = rt(async {
        let tasks = [tokio::spawn(gate.wait()), tokio::spawn(gate.wait())];
        settle().await;
        let waiting = gate.waiters();
        gate.open();
        for task in tasks {
            task.await.unwrap();
        }
        waiting
    });
    assert_eq!(at_once, 2);
    let (done, _) =
        vt(async { tokio::time::timeout(std::time::Duration::from_secs(1), Gate::new().wait()).await });
    assert!(done.is_err(), "a closed gate stays closed");
}
