//! Hidden tests of `no_wake_under_lock`.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Waker;
use std::thread;
// hermetic: bounds the wait for a wake that never comes; whoever wakes does not get there
use std::time::{Duration, Instant};

use exercise::Event;
use testkit::{CountingWaker, panic_of, poll_once, stage};

/// While a waker is called, the event can be used: the lock is free, and the event is set.
#[test]
fn the_lock_is_free_while_it_wakes() {
    // A waker that panics poisons the mutexes whose guards are alive around it: they show without a deadlock.
    let event = Event::default();
    let task = CountingWaker::new();
    task.on_wake(|| panic!("{PANIC}"));
    wait_for(&event, &task);
    let _ = panic_of(|| event.set());
    if task.wakes() > 0
        && let Err(text) = panic_of(|| event.is_set())
    {
        panic!(
            "`wake()` ran user code while you held the lock. If that code asks the event anything, on the same thread, \
             it waits for you, and you wait for it.\n{text}"
        );
    }

    // A lock that hides it is found out by a waker that asks for itself.
    for waiters in [1, 3] {
        let event = Event::default();
        let task = CountingWaker::new();
        let answers = Arc::new(Mutex::new(Vec::new()));
        task.on_wake({
            let (event, answers) = (event.clone(), answers.clone());
            move || {
                let set = event.is_set();
                let ready = poll_once(&mut event.wait(), Waker::noop()).is_ready();
                answers.lock().unwrap().push((set, ready));
            }
        });
        let others: Vec<CountingWaker> = (1..waiters).map(|_| CountingWaker::new()).collect();
        for task in others.iter().chain([&task]) {
            wait_for(&event, task);
        }
        stage(format!(
            "{waiters} tasks wait; `set` was called, and the waker of one asks the event whether it is set"
        ));
        event.set();
        await_wakes(&task);
        let answers = answers.lock().unwrap();
        assert!(!answers.is_empty(), "`set` was called, and a task that waits was not woken.");
        assert!(
            answers.iter().all(|answer| *answer == (true, true)),
            "A task was woken and looked at once, and the event was not set yet. Set the flag first and wake after it: \
             this task goes back to sleep, and nobody wakes it a second time."
        );
    }
}

/// When `set` returns, everybody has been woken, once, by the thread that called it.
#[test]
fn everybody_is_woken_before_set_returns() {
    let event = Event::default();
    let own = thread::current().id();
    let foreign = Arc::new(AtomicUsize::new(0));
    let tasks: Vec<CountingWaker> = (0..5).map(|_| CountingWaker::new()).collect();
    for task in &tasks {
        let foreign = foreign.clone();
        task.on_wake(move || {
            if thread::current().id() != own {
                foreign.fetch_add(1, Ordering::SeqCst);
            }
        });
        wait_for(&event, task);
    }
    stage("five tasks wait; `set` was called");
    event.set();
    for task in &tasks {
        await_wakes(task);
        let wakes = task.wakes();
        assert!(wakes > 0, "`set` returned, and one of five tasks that wait was not woken.");
        assert!(wakes == 1, "`set` was called once, and a task was woken {wakes} times.");
    }
    let foreign = foreign.load(Ordering::SeqCst);
    assert!(
        foreign == 0,
        "{foreign} of 5 wakes came from a foreign thread. When `set` returns, nobody can tell whether they have arrived; \
         `wake()` is quick, and needs no thread. It only needs your lock to be free."
    );
}

/// What it did before, it still does: nobody early, latecomers at once, and one waker for a waiter.
#[test]
fn it_is_the_same_event() {
    let event = Event::default();
    let task = CountingWaker::new();
    let mut waiting = event.wait();
    for _ in 0..100 {
        let poll = poll_once(&mut waiting, &task.waker());
        assert!(poll.is_pending(), "The event had not happened, and a waiter found `Ready`.");
    }
    let kept = task.live_clones();
    assert!(kept <= 2, "{kept} wakers kept for one waiter that polled 100 times.");
    assert!(task.wakes() == 0, "A task was woken before the event.");
    assert!(!event.is_set(), "`is_set` says that the event has happened, and it has not.");
    event.set();
    event.set();
    assert!(event.is_set(), "`is_set` says that the event has not happened, and it has.");
    assert!(task.wakes() == 1, "The event happened, and the task was woken {} times.", task.wakes());
    for mut late in [waiting, event.wait()] {
        let poll = poll_once(&mut late, Waker::noop());
        assert!(poll.is_ready(), "The event has happened, and a poll found `Pending`.");
    }
}

const PANIC: &str = "this waker panics";

/// A task waits for the event.
fn wait_for(event: &Event, task: &CountingWaker) {
    let mut waiting = event.wait();
    let poll = poll_once(&mut waiting, &task.waker());
    assert!(poll.is_pending(), "The event had not happened, and a waiter found `Ready`.");
    // It waits to the end of the test.
    std::mem::forget(waiting);
}

/// Gives a wake that is late, from another thread, the time to arrive. One that has come costs nothing.
fn await_wakes(task: &CountingWaker) {
    let start = Instant::now();
    while task.wakes() == 0 && start.elapsed() < Duration::from_secs(1) {
        thread::sleep(Duration::from_millis(1));
    }
}
