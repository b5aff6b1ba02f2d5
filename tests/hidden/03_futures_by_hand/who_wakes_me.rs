//! Hidden tests of `who_wakes_me`: when the task of a `Signal` is woken, and how often.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::thread;
// hermetic: bounds the wait for a wake that never comes; whoever wakes does not get there
use std::time::{Duration, Instant};

use exercise::{Signal, Trigger, signal};
use testkit::{CountingWaker, panic_of, poll_once, stage};

/// How long a wrong answer gets to show itself, in real time. A right answer is not measured by it.
const WINDOW: Duration = Duration::from_millis(250);

/// As long as nothing has happened, nobody is woken.
#[test]
fn no_event_no_wake() {
    returns_without_the_event();
    let (trigger, mut signal) = signal();
    let waker = CountingWaker::new();
    assert!(
        poll(&mut signal, &waker.waker()).is_pending(),
        "The `Signal` said `Ready`, and its `Trigger` has not fired."
    );
    let asked = waker.wakes();
    assert!(
        asked == 0,
        "The event has not happened, yet you asked to be polled again: this is a busy loop (wakes: {asked}, wanted 0)."
    );
    thread::sleep(WINDOW);
    let woken = waker.wakes();
    assert!(
        woken == 0,
        "The event has not happened, yet somebody woke the task: it is polled for nothing, over and over, by the clock \
         (wakes: {woken}, wanted 0)."
    );
    drop(trigger);
}

/// `fire` wakes the waiting task, once, and the next poll is ready.
#[test]
fn the_event_wakes_the_task_once() {
    returns_without_the_event();
    let (trigger, mut signal) = signal();
    let waker = CountingWaker::new();
    let waiting = poll(&mut signal, &waker.waker()).is_pending();
    assert!(waiting, "The `Signal` said `Ready`, and its `Trigger` has not fired.");
    let before = waker.wakes();
    fire(&trigger);
    await_wake(&waker, before);
    let wakes = waker.wakes();
    assert!(
        wakes > before,
        "`fire` was called and the waiting task was not woken (wakes: {}). It sleeps until its waker is called, and the \
         one who knows of the event is `fire`.",
        wakes - before
    );
    assert!(
        wakes == 1,
        "One event, and the task was woken {wakes} times (wanted 1: when the event has happened)."
    );
    assert!(
        poll(&mut signal, &waker.waker()).is_ready(),
        "The trigger has fired and the task was woken, yet the `Signal` says `Pending`: woken for nothing, and nobody \
         will wake it again."
    );
}

/// An event that comes before the first poll is not lost.
#[test]
fn an_early_event_is_not_lost() {
    let (trigger, mut signal) = signal();
    fire(&trigger);
    assert!(
        poll(&mut signal, &CountingWaker::new().waker()).is_ready(),
        "The trigger fired before anybody waited, and the `Signal` says `Pending`: that event is over, nobody will \
         wake the task."
    );
}

/// The event may come in the middle of a poll: the poll finds it, or the task is woken.
#[test]
fn an_event_during_the_poll_is_not_lost() {
    returns_without_the_event();
    let (trigger, mut signal) = signal();
    let waker = CountingWaker::new();
    let trigger = Mutex::new(Some(trigger));
    let firing = Arc::new(Mutex::new(None));
    waker.on_clone({
        let firing = firing.clone();
        move || {
            let Some(trigger) = trigger.lock().unwrap().take() else { return };
            // On another thread, as in life: where the poll holds a lock, the event has to wait for its end.
            let (fired, has_fired) = mpsc::channel::<()>();
            let thread = thread::spawn(move || {
                fire(&trigger);
                drop(fired);
            });
            let _ = has_fired.recv_timeout(WINDOW);
            *firing.lock().unwrap() = Some(thread);
        }
    });
    let ready = poll(&mut signal, &waker.waker()).is_ready();
    let firing = firing.lock().unwrap().take();
    // Who keeps no waker is found out by the other tests.
    let Some(thread) = firing else { return };
    if thread.join().is_err() {
        panic!("`fire` panicked when it was called during a poll. It may be called at any time.");
    }
    if !ready {
        await_wake(&waker, 0);
        assert!(
            waker.wakes() > 0,
            "`fire` came in the middle of a poll: after the look at the flag, and before the waker was in its place. It \
             found nobody to wake, and the task sleeps for good. Look and store under one lock."
        );
    }
}

/// A task may be polled for other reasons in between; it still hears of the event.
#[test]
fn a_poll_in_between_changes_nothing() {
    returns_without_the_event();
    for polls in [2, 3] {
        let (trigger, mut signal) = signal();
        let waker = CountingWaker::new();
        for _ in 0..polls {
            assert!(
                poll(&mut signal, &waker.waker()).is_pending(),
                "The `Signal` said `Ready`, and its `Trigger` has not fired."
            );
        }
        let before = waker.wakes();
        fire(&trigger);
        await_wake(&waker, before);
        assert!(
            waker.wakes() > before,
            "The `Signal` was polled {polls} times before the event, and then `fire` woke nobody. Tasks are polled for \
             many reasons; each `Pending` has to leave a waker behind."
        );
        assert!(
            poll(&mut signal, &waker.waker()).is_ready(),
            "The trigger has fired, and the `Signal` says `Pending`."
        );
    }
}

/// Finds a `poll` that stays until the event comes: it is given the event, and comes back `Ready`.
fn returns_without_the_event() {
    // On a machine that is busy enough, one attempt could mislead: the event might overtake a poll that does not wait.
    for _ in 0..3 {
        let (trigger, mut signal) = signal();
        let (returned, has_returned) = mpsc::channel::<()>();
        let helper = thread::spawn(move || {
            let stays = has_returned.recv_timeout(Duration::from_secs(1)) == Err(RecvTimeoutError::Timeout);
            if stays {
                trigger.fire();
            }
            stays
        });
        let answer = poll(&mut signal, &CountingWaker::new().waker());
        drop(returned);
        let stayed = helper.join().unwrap_or(true);
        if !(stayed && answer.is_ready()) {
            return;
        }
    }
    panic!(
        "`poll` must return at once. Yours stayed until the event had happened, and held the thread meanwhile: no other \
         task could run."
    );
}

/// Lets a wake that comes from another thread arrive.
fn await_wake(waker: &CountingWaker, before: usize) {
    let start = Instant::now();
    while waker.wakes() == before && waker.live_clones() > 0 && start.elapsed() < Duration::from_secs(2) {
        thread::sleep(Duration::from_millis(1));
    }
}

fn poll(signal: &mut Signal, waker: &Waker) -> Poll<()> {
    stage("the `Signal` is being polled");
    panic_of(|| poll_once(&mut Box::pin(signal), waker))
        .unwrap_or_else(|text| panic!("The `Signal` panicked when it was polled: {text}"))
}

fn fire(trigger: &Trigger) {
    stage("`fire` has been called");
    if let Err(text) = panic_of(|| trigger.fire()) {
        panic!(
            "`fire` panicked. It may be called at any time: while a task waits, and before anybody does.\n{text}"
        );
    }
    stage("`fire` has returned");
}
