//! Hidden tests of `forget_me_on_drop`.

use std::mem::ManuallyDrop;

use exercise::{Event, Waiting};
use testkit::{CountingWaker, panic_of, poll_once, stage};

/// A thousand waiters that were dropped leave no waker behind, and one that stays is woken.
#[test]
fn who_is_dropped_leaves_nothing() {
    let event = Event::default();
    let staying = CountingWaker::new();
    let stays = waiting(&event, &staying);
    stage("1000 futures wait for the event and are dropped");
    let tasks: Vec<CountingWaker> = (0..1000).map(|_| CountingWaker::new()).collect();
    for task in &tasks {
        leave(waiting(&event, task), "one after the other");
    }
    let kept: usize = tasks.iter().map(CountingWaker::live_clones).sum();
    assert!(
        kept == 0,
        "{kept} dead wakers kept alive. Their futures were dropped, and nobody waits any more: a server that runs for \
         a year keeps one for each request that it has ever answered."
    );
    event.set();
    let woken: usize = tasks.iter().map(CountingWaker::wakes).sum();
    assert!(woken == 0, "{woken} tasks were woken, whose futures had been dropped.");
    let wakes = staying.wakes();
    assert!(
        wakes > 0,
        "{SOMEONE_ELSES} 1000 others were dropped, and the one that still waited was not woken."
    );
    leave(stays, "the last one");
}

/// Whoever still waits is woken, whichever of the others leave and in which order.
#[test]
fn the_others_stay() {
    // Letters come, each a waiter of its own; a minus sends the one behind it away.
    for story in [
        "A B C -B",
        "A B C D -A -B",
        "A B C D -D -A",
        "A B -A C",
        "A B C -A D -C",
        "A B C -A -B D E",
        "A B C -A D -B E F",
    ] {
        let event = Event::default();
        let mut gone: Vec<(char, CountingWaker)> = Vec::new();
        let mut present: Vec<(char, CountingWaker, Held)> = Vec::new();
        stage(format!("waiters come and go: {story}; then the event happens"));
        for word in story.split(' ') {
            let name = word.chars().last().expect("no empty words");
            if word.starts_with('-') {
                let place = present.iter().position(|(own, ..)| *own == name).expect("it came");
                let (_, task, waiting) = present.remove(place);
                leave(waiting, story);
                gone.push((name, task));
            } else {
                let task = CountingWaker::new();
                let waiting = waiting(&event, &task);
                present.push((name, task, waiting));
            }
        }
        event.set();
        for (name, task, _) in &present {
            assert!(
                task.wakes() > 0,
                "{SOMEONE_ELSES} Waiter {name} still waited, and nobody woke it. (came and went: {story})"
            );
            assert!(
                task.wakes() == 1,
                "The event happened once, and waiter {name} was woken {} times.",
                task.wakes()
            );
        }
        for (name, task) in &gone {
            assert!(
                task.live_clones() == 0 && task.wakes() == 0,
                "A dead waker was kept alive: waiter {name} left, and its waker did not. (came and went: {story})"
            );
        }
        // They leave as well, after the event.
        for (_, _, waiting) in present {
            leave(waiting, story);
        }
    }
}

/// A task that waits twice and drops one of the two is still woken.
#[test]
fn a_task_may_wait_twice() {
    for first_leaves in [true, false] {
        let event = Event::default();
        let task = CountingWaker::new();
        let (first, second) = (waiting(&event, &task), waiting(&event, &task));
        let (leaves, stays) = if first_leaves { (first, second) } else { (second, first) };
        leave(leaves, "A A -A");
        event.set();
        assert!(
            task.wakes() > 0,
            "{SOMEONE_ELSES} One task waited twice, with equal wakers, and dropped one of the two futures. The other one \
             still waits, and nobody wakes it."
        );
        leave(stays, "A A -A");
    }
}

/// The waiter's newest waker counts, it has one at a time, and whoever never polled has none.
#[test]
fn one_entry_for_each_waiter() {
    let event = Event::default();
    leave(ManuallyDrop::new(event.wait()), "came, never polled, and went");
    let tasks: Vec<CountingWaker> = (0..100).map(|_| CountingWaker::new()).collect();
    let mut waiting = ManuallyDrop::new(event.wait());
    for task in tasks.iter().chain(&tasks) {
        let poll = poll_once(&mut *waiting, &task.waker());
        assert!(poll.is_pending(), "The event had not happened, and a waiter found `Ready`.");
    }
    let newest = &tasks[99];
    let stale: usize = tasks[..99].iter().map(CountingWaker::live_clones).sum();
    assert!(
        stale + newest.live_clones() <= 2,
        "{} wakers kept for one waiter, which moved from task to task. Only the newest counts.",
        stale + newest.live_clones()
    );
    event.set();
    let wakes = newest.wakes();
    assert!(wakes == 1, "The event happened, and the task that polled last was woken {wakes} times.");
    let late = CountingWaker::new();
    for mut future in [waiting, ManuallyDrop::new(event.wait())] {
        let poll = poll_once(&mut *future, &late.waker());
        assert!(poll.is_ready(), "The event has happened, and a poll found `Pending`.");
        leave(future, "after the event");
    }
    assert!(
        late.live_clones() == 0,
        "The event has happened, and it still keeps a waker. Nobody will ever call it."
    );
}

const SOMEONE_ELSES: &str = "You removed someone else's waker.";

/// A future that waits. It is dropped by [`leave`] only: a `drop` that panics must not end a test that fails already.
type Held = ManuallyDrop<Waiting>;

/// A future that waits for the event, polled once by the task.
fn waiting(event: &Event, task: &CountingWaker) -> Held {
    let mut waiting = ManuallyDrop::new(event.wait());
    let poll = poll_once(&mut *waiting, &task.waker());
    assert!(poll.is_pending(), "The event had not happened, and a waiter found `Ready`.");
    waiting
}

/// Drops it.
fn leave(waiting: Held, story: &str) {
    if let Err(text) = panic_of(|| drop(ManuallyDrop::into_inner(waiting))) {
        panic!(
            "A waiter left, and its `drop` panicked. After the event, or before its first poll, it has nothing to \
             remove. (came and went: {story})\n{text}"
        );
    }
}
