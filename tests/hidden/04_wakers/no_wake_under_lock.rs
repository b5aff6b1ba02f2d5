//! Hidden tests of `no_wake_under_lock`.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Waker;
use std::thread;
// hermetic: bounds the wait for a wake that never comes; whoever wakes does not get there
use std::time::{Duration, Instant};

use exercise::Event;
use testkit::{CountingWaker, Elsewhere, elsewhere, poll_once, stage};

/// While a waker is called, the event can be used: the lock is free, and the event is set.
#[test]
fn who_is_woken_may_use_the_event() {
    let own = thread::current().id();
    for waiters in [1, 3] {
        let event = Event::default();
        let foreign = Arc::new(AtomicUsize::new(0));
        let usable = Arc::new(Mutex::new(Vec::new()));
        let answers = Arc::new(Mutex::new(Vec::new()));
        let tasks: Vec<CountingWaker> = (0..waiters).map(|_| CountingWaker::new()).collect();
        for task in &tasks {
            let (its, foreign, usable, answers) =
                (event.clone(), foreign.clone(), usable.clone(), answers.clone());
            task.on_wake(move || {
                if thread::current().id() != own {
                    foreign.fetch_add(1, Ordering::SeqCst);
                    return;
                }
                // First from another thread: there it does not hang if the lock is held.
                let other = use_elsewhere(&its);
                let free = !other.had_to_wait();
                usable.lock().unwrap().push(other);
                if free {
                    let ready = poll_once(&mut its.wait(), Waker::noop()).is_ready();
                    answers.lock().unwrap().push(its.is_set() && ready);
                }
            });
            wait_for(&event, task);
        }
        stage(format!("{waiters} tasks wait; `set` was called, and their wakers use the event"));
        event.set();
        await_wakes(&tasks);
        nobody_is_woken_by(foreign.load(Ordering::SeqCst));
        let blocked = all_used(&usable);
        assert!(
            blocked == 0,
            "`wake()` ran user code while you held the lock: {blocked} of {waiters} times another thread that used the event \
             meanwhile had to wait. If the task that is woken uses it, on this thread, it waits for you, and you wait for it."
        );
        let answers = answers.lock().unwrap();
        assert!(!answers.is_empty(), "`set` was called, but a task that waits was not woken.");
        assert!(
            answers.iter().all(|set| *set),
            "A task was woken and checked at once, but the event was not set yet. Set the flag first, and then wake: \
             this task goes back to sleep, and nothing wakes it a second time."
        );
    }
}

/// While a waker is called, the event may be set once more: `set` needs the lock, too.
#[test]
fn it_may_be_set_again_while_it_wakes() {
    let event = Event::default();
    let task = CountingWaker::new();
    wait_for(&event, &task);
    let usable = Arc::new(Mutex::new(Vec::new()));
    task.on_wake({
        let (event, usable, again) = (event.clone(), usable.clone(), AtomicBool::new(false));
        move || {
            // Who is woken by the second as well does not call a third.
            if !again.swap(true, Ordering::SeqCst) {
                let event = event.clone();
                let other = elsewhere(move || event.set());
                usable.lock().unwrap().push(other);
            }
        }
    });
    stage("`set` was called, and from within `wake` another thread calls it once more");
    event.set();
    let blocked = all_used(&usable);
    assert!(
        blocked == 0,
        "`wake()` ran user code while you held the lock: another thread called `set` meanwhile and had to wait. If the task \
         that is woken does so, on this thread, it waits for you, and you wait for it."
    );
}

/// When `set` returns, every waiter has been woken, once, by the thread that called it.
#[test]
fn everybody_is_woken_before_set_returns() {
    let event = Event::default();
    let own = thread::current().id();
    let foreign = Arc::new(AtomicUsize::new(0));
    let tasks: Vec<CountingWaker> = (0..300).map(|_| CountingWaker::new()).collect();
    for task in &tasks {
        let foreign = foreign.clone();
        task.on_wake(move || {
            if thread::current().id() != own {
                foreign.fetch_add(1, Ordering::SeqCst);
            }
        });
        wait_for(&event, task);
    }
    stage("300 tasks wait; `set` was called");
    event.set();
    // A thread that is late has its time to show where the wake comes from.
    await_wakes(&tasks);
    let asleep = tasks.iter().filter(|task| task.wakes() == 0).count();
    nobody_is_woken_by(foreign.load(Ordering::SeqCst));
    assert!(asleep == 0, "`set` returned, but {asleep} of 300 tasks that wait were not woken.");
    for task in &tasks {
        let wakes = task.wakes();
        assert!(wakes == 1, "`set` was called once, but a task was woken {wakes} times.");
    }
}

/// While a waker is cloned, the event can be used: cloning is foreign code, too.
#[test]
fn the_lock_is_free_while_it_clones() {
    let event = Event::default();
    let usable = Arc::new(Mutex::new(Vec::new()));
    let tasks: Vec<CountingWaker> = (0..3).map(|_| CountingWaker::new()).collect();
    stage("tasks begin to wait, and their wakers use the event while they are cloned");
    for task in &tasks {
        task.on_clone({
            let (event, usable) = (event.clone(), usable.clone());
            move || {
                let other = use_elsewhere(&event);
                usable.lock().unwrap().push(other);
            }
        });
        wait_for(&event, task);
    }
    let clones = usable.lock().unwrap().len();
    let blocked = all_used(&usable);
    assert!(
        blocked == 0,
        "`poll` cloned a waker {clones} times, and {blocked} times you held the lock: another thread that used the event \
         meanwhile had to wait. Cloning a waker runs foreign code as well, and that may use the event, too."
    );
    event.set();
    let clones = usable.lock().unwrap().len();
    let blocked = all_used(&usable);
    assert!(
        blocked == 0,
        "`set` cloned a waker {clones} times, and {blocked} times you held the lock: another thread that used the \
         event meanwhile had to wait. Cloning a waker runs foreign code as well. `set` needs no clones: a task that is \
         woken does not wait any more, so you can take the wakers themselves out of the list."
    );
    let asleep = tasks.iter().filter(|task| task.wakes() == 0).count();
    assert!(asleep == 0, "`set` returned, but {asleep} of 3 tasks that wait were not woken.");
}

/// While a waker is dropped, the event can be used: its drop may be the end of a task.
#[test]
fn the_lock_is_free_while_it_drops() {
    let event = Event::default();
    let usable = Arc::new(Mutex::new(Vec::new()));
    let [task, next, leaves] = [(); 3].map(|()| CountingWaker::new());
    for task in [&task, &next] {
        task.on_drop({
            let (event, usable) = (event.clone(), usable.clone());
            move || {
                let other = use_elsewhere(&event);
                usable.lock().unwrap().push(other);
            }
        });
    }
    stage(
        "a waiter is polled several times, by two tasks, and their wakers use the event when they are dropped",
    );
    let mut waiting = event.wait();
    // Outside of the polls, the test's own wakers are dropped with no lock held.
    for task in [&task, &task, &next, &next, &task] {
        let poll = poll_once(&mut waiting, &task.waker());
        assert!(poll.is_pending(), "The event had not happened, but a waiter was `Ready`.");
    }
    event.set();
    let poll = poll_once(&mut waiting, &next.waker());
    assert!(poll.is_ready(), "The event has happened, but a poll was `Pending`.");
    drop(waiting);
    let blocked = all_used(&usable);
    assert!(
        blocked == 0,
        "{blocked} times you dropped a waker while you held the lock: another thread that used the event meanwhile had to \
         wait. Dropping a waker runs foreign code as well: it may drop the task, and all that the task owns."
    );

    stage("a waiter leaves before the event, and its waker uses the event when it is dropped");
    let other = Event::default();
    leaves.on_drop({
        let (event, usable) = (other.clone(), usable.clone());
        move || {
            let other = use_elsewhere(&event);
            usable.lock().unwrap().push(other);
        }
    });
    let mut leaving = other.wait();
    let poll = poll_once(&mut leaving, &leaves.waker());
    assert!(poll.is_pending(), "The event had not happened, but a waiter was `Ready`.");
    drop(leaving);
    let blocked = all_used(&usable);
    assert!(
        blocked == 0,
        "A waiter left before the event, and you dropped its waker while you held the lock: another thread that used \
         the event meanwhile had to wait. Dropping a waker runs foreign code as well, in your `Drop`, too: take it \
         out, release the lock, drop it."
    );
}

/// Everything else still works: no wake before the event, no wait after it, and one waker per waiter.
#[test]
fn it_is_the_same_event() {
    let (event, other) = (Event::default(), Event::default());
    let task = CountingWaker::new();
    let mut waiting = event.wait();
    for _ in 0..100 {
        let poll = poll_once(&mut waiting, &task.waker());
        assert!(poll.is_pending(), "The event had not happened, but a waiter was `Ready`.");
    }
    let kept = task.live_clones();
    assert!(kept <= 2, "{kept} wakers are kept where one is enough: one waiter polled 100 times.");
    assert!(task.wakes() == 0, "A task was woken before the event.");
    assert!(!event.is_set(), "`is_set` says that the event has happened, but it has not.");
    event.set();
    event.set();
    assert!(event.is_set(), "`is_set` says that the event has not happened, but it has.");
    assert!(
        !other.is_set(),
        "There are two events, one happened, but `is_set` of the other says that it has, too."
    );
    assert!(
        task.wakes() == 1,
        "`set` was called twice, and the task that waited was woken {} times. The event happens once: a task that was \
         woken does not wait any more.",
        task.wakes()
    );
    for mut late in [waiting, event.wait()] {
        let poll = poll_once(&mut late, Waker::noop());
        assert!(poll.is_ready(), "The event has happened, but a poll was `Pending`.");
    }
}

/// The event may happen in the middle of a poll: that poll finds it, or the task is woken.
#[test]
fn no_event_is_missed() {
    // A poll may clone the waker several times, and the event comes with one of them.
    (1..=3).for_each(an_event_comes_with_a_clone);
}

fn an_event_comes_with_a_clone(nth: usize) {
    let event = Event::default();
    let task = CountingWaker::new();
    let (underway, clones) = (Arc::new(Mutex::new(Vec::new())), AtomicUsize::new(0));
    task.on_clone({
        let (event, underway) = (event.clone(), underway.clone());
        move || {
            if clones.fetch_add(1, Ordering::SeqCst) + 1 == nth {
                let event = event.clone();
                let set = elsewhere(move || event.set());
                underway.lock().unwrap().push(set);
            }
        }
    });
    stage("the event happens on another thread, while `poll` clones the waker");
    // It waits to the end of the test.
    let mut waiting = event.wait();
    let ready = poll_once(&mut waiting, &task.waker()).is_ready();
    if underway.lock().unwrap().is_empty() {
        event.set();
    }
    all_used(&underway);
    assert!(
        ready || task.wakes() > 0,
        "The event happened while `poll` cloned the waker: the poll returned `Pending`, and nothing woke the task. \
         `poll` had checked before that, and left the waker after it. Check and register under one lock, after the \
         clone."
    );
}

/// So many foreign threads.
fn nobody_is_woken_by(foreign: usize) {
    assert!(
        foreign == 0,
        "{foreign} wakes came from a foreign thread. When `set` returns, nobody can tell whether they have arrived; \
         `wake()` is quick, and needs no thread. It only needs your lock to be free."
    );
}

/// Another thread uses the event, and it does not happen thereby.
fn use_elsewhere(event: &Event) -> Elsewhere {
    let event = event.clone();
    elsewhere(move || {
        event.is_set();
        let _ = poll_once(&mut event.wait(), Waker::noop());
    })
}

/// How many of them had to wait. They are done now.
fn all_used(usable: &Mutex<Vec<Elsewhere>>) -> usize {
    let used = std::mem::take(&mut *usable.lock().unwrap());
    let waited = used.iter().filter(|other| other.had_to_wait()).count();
    for other in used {
        let outcome = other.finish();
        assert!(outcome.is_ok(), "Another thread used the event meanwhile, and it panicked: {outcome:?}");
    }
    waited
}

/// A task waits for the event.
fn wait_for(event: &Event, task: &CountingWaker) {
    let mut waiting = event.wait();
    let poll = poll_once(&mut waiting, &task.waker());
    assert!(poll.is_pending(), "The event had not happened, but a waiter was `Ready`.");
    // It waits to the end of the test.
    std::mem::forget(waiting);
}

/// Gives wakes that are late, from another thread, the time to arrive. Those that have come cost nothing.
fn await_wakes(tasks: &[CountingWaker]) {
    let start = Instant::now();
    while tasks.iter().any(|task| task.wakes() == 0) && start.elapsed() < Duration::from_secs(1) {
        thread::sleep(Duration::from_millis(1));
    }
}
