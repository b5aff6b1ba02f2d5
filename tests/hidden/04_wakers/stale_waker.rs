//! Hidden tests of `stale_waker`.

use std::task::Poll;

use exercise::delivery;
use testkit::{CountingWaker, poll_once, stage};

/// When the task that holds the delivery has changed, the new one is woken.
#[test]
fn the_newest_waker_is_woken() {
    // Who polls, in which order; the last one waits.
    for order in ["A", "AB", "ABC", "ABA", "AABB"] {
        stage(format!("polled by the tasks {order} in this order; then the parcel comes"));
        let (courier, mut delivery) = delivery();
        let tasks: Vec<(char, CountingWaker)> =
            ('A'..='C').map(|name| (name, CountingWaker::new())).collect();
        let task = |name: char| &tasks.iter().find(|(own, _)| *own == name).expect("one of three").1;
        for name in order.chars() {
            let poll = poll_once(&mut delivery, &task(name).waker());
            assert!(poll.is_pending(), "The delivery was `Ready` before the courier came.");
            let early: usize = tasks.iter().map(|(_, task)| task.wakes()).sum();
            assert!(
                early == 0,
                "A task was woken before the courier came, though it had nothing to do: it polls, is woken again, and \
                 so on. That is a busy loop. (polled by {order})"
            );
        }
        courier.deliver();
        let last = order.chars().last().expect("somebody polled");
        let wakes = task(last).wakes();
        assert!(
            wakes > 0 || order.len() == 1,
            "The task moved. You woke the waker it had before. Task {last} polled last, and nobody woke it. \
             (polled by {order})"
        );
        assert!(wakes > 0, "The courier came, and the task that waits was not woken.");
        assert!(
            wakes == 1,
            "The courier came once, and the task that waits was woken {wakes} times. (polled by {order})"
        );
        let poll = poll_once(&mut delivery, &task(last).waker());
        assert!(
            poll.is_ready(),
            "The parcel is there, the task was woken and polled, and it found `Pending`."
        );
    }
}

/// However often it is polled, one waiter keeps one waker.
#[test]
fn one_waiter_keeps_one_waker() {
    let (courier, mut delivery) = delivery();
    let task = CountingWaker::new();
    let waker = task.waker();
    for _ in 0..1000 {
        let _ = poll_once(&mut delivery, &waker);
    }
    // One of them is the test's own.
    let kept = task.live_clones() - 1;
    assert!(
        kept <= 2,
        "{kept} wakers kept for one waiter, after 1000 polls by the same task. Only the newest counts."
    );

    let tasks: Vec<CountingWaker> = (0..1000).map(|_| CountingWaker::new()).collect();
    for task in &tasks {
        let _ = poll_once(&mut delivery, &task.waker());
    }
    let kept: usize = tasks.iter().map(CountingWaker::live_clones).sum();
    assert!(
        kept <= 2,
        "{kept} wakers kept for one waiter, after polls by 1000 tasks. Only the newest counts."
    );
    courier.deliver();
    let woken = tasks.iter().map(CountingWaker::wakes).collect::<Vec<_>>();
    assert!(
        woken[999] == 1,
        "The task moved. You woke the waker it had before. That one leads to a task which no longer has the delivery."
    );
}

/// A parcel that is there already is found by the first poll.
#[test]
fn a_parcel_that_is_there_is_found() {
    let (courier, mut delivery) = delivery();
    courier.deliver();
    let task = CountingWaker::new();
    let poll = poll_once(&mut delivery, &task.waker());
    assert!(
        poll == Poll::Ready(()),
        "The courier had been there before the first poll, and it returned `Pending`."
    );
    let wakes = task.wakes();
    assert!(wakes == 0, "The first poll found the parcel, and the task was woken {wakes} times besides.");
}
