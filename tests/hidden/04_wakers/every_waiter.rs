//! Hidden tests of `every_waiter`.

use std::hash::{BuildHasher, RandomState};

use exercise::{Event, Waiting};
use testkit::{CountingWaker, poll_once, stage};

/// Everybody who waits is woken when the event happens, once, and finds it then.
#[test]
fn everybody_is_woken() {
    for count in [3, 4 + (RandomState::new().hash_one(()) % 5) as usize, 1] {
        let event = Event::default();
        let mut waiters = Waiter::all(&event, count);
        stage(format!("{count} futures wait for the event; now it happens"));
        event.set();
        let asleep: Vec<&Waiter> = waiters.iter().filter(|waiter| waiter.task.wakes() == 0).collect();
        if !asleep.is_empty() {
            let why = if asleep.iter().any(|waiter| waiter.task.live_clones() > 0) {
                "you have their wakers, and called only some. An event happens for everybody who waits."
            } else if waiters[count - 1].task.wakes() > 0 {
                "each new waiter overwrote the last."
            } else {
                "their wakers were not kept, or thrown away. An event happens for everybody who waits."
            };
            panic!("{} of {count} waiters sleep forever: {why}", asleep.len());
        }
        // Nobody waits any more.
        event.clone().set();
        for waiter in &mut waiters {
            let wakes = waiter.task.wakes();
            assert!(wakes == 1, "The event happened once, and a waiter was woken {wakes} times.");
            assert!(
                waiter.poll(),
                "A waiter was woken by the event, polled, and found `Pending`: it happened, and stays so."
            );
        }
    }
}

/// Nobody is woken before the event, however many wait and however often they poll.
#[test]
fn nobody_is_woken_early() {
    let event = Event::default();
    let mut waiters = Waiter::all(&event, 3);
    for waiter in &mut waiters {
        assert!(!waiter.poll(), "The event had not happened, and a waiter found `Ready`.");
    }
    let wakes: usize = waiters.iter().map(|waiter| waiter.task.wakes()).sum();
    assert!(
        wakes == 0,
        "busy loop (wakes without an event: {wakes}). A waiter that is woken polls, registers again, and wakes the next."
    );
}

/// A waiter that polls often is still one waiter, and one whose task has changed is woken there.
#[test]
fn a_waiter_that_polls_often_is_one_waiter() {
    let event = Event::default();
    let mut waiters = Waiter::all(&event, 2);
    for _ in 0..1000 {
        waiters[0].poll();
    }
    let kept = waiters[0].task.live_clones();
    assert!(
        kept <= 2,
        "{kept} wakers kept for one waiter that polled 1000 times. They would all be called, and none has left."
    );

    let moved = std::mem::take(&mut waiters[0].task);
    waiters[0].poll();
    event.set();
    let woken = (waiters[0].task.wakes(), waiters[1].task.wakes());
    assert!(
        woken.0 > 0,
        "The task moved. You woke the waker it had before ({} times), and not the one of its last poll.",
        moved.wakes()
    );
    assert!(woken.1 > 0, "A waiter polled often, and the other one was forgotten: it was not woken.");
}

/// Whoever comes after the event does not wait.
#[test]
fn latecomers_do_not_wait() {
    let event = Event::default();
    event.set();
    let mut late = Waiter::new(&event);
    assert!(
        late.poll(),
        "The event had happened before, and a latecomer found `Pending`. Nobody will wake it."
    );
    let wakes = late.task.wakes();
    assert!(wakes == 0, "A latecomer found the event, and was woken {wakes} times besides.");
}

/// A future that waits, and the task that polls it.
struct Waiter {
    task: CountingWaker,
    waiting: Waiting,
}

impl Waiter {
    fn new(event: &Event) -> Self {
        Self { task: CountingWaker::new(), waiting: event.wait() }
    }

    /// So many waiters, polled once.
    fn all(event: &Event, count: usize) -> Vec<Self> {
        let mut waiters: Vec<Self> = (0..count).map(|_| Self::new(event)).collect();
        for waiter in &mut waiters {
            assert!(!waiter.poll(), "The event had not happened, and a waiter found `Ready`.");
        }
        waiters
    }

    /// Whether the future is done.
    fn poll(&mut self) -> bool {
        poll_once(&mut self.waiting, &self.task.waker()).is_ready()
    }
}
