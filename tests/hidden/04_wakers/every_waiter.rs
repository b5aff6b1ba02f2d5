//! Hidden tests of `every_waiter`.

use std::sync::{Arc, Mutex};
use std::task::Poll;

use exercise::{Event, Waiting};
use testkit::{CountingWaker, elsewhere, pick, poll_once, stage};

/// Every waiter is woken when the event happens, once, and finds it then.
#[test]
fn everybody_is_woken() {
    for count in [3, pick(4..=9) as usize, 1, 0, 500] {
        let event = Event::default();
        let mut waiters = Waiter::all(&event, count);
        stage(format!("{count} futures wait for the event; now it happens"));
        event.set();
        let asleep: Vec<&Waiter> = waiters.iter().filter(|waiter| waiter.task.wakes() == 0).collect();
        if !asleep.is_empty() {
            let silent = asleep.len();
            let why = if asleep.iter().any(|waiter| waiter.task.live_clones() > 0) {
                // Who was woken goes on now, and perhaps wakes the next.
                let passed_on = "they were woken only when one that was woken before them was polled. It may be dropped before that: \
                     `set` has to call the wakers of all.";
                for waiter in &mut waiters {
                    if waiter.task.wakes() > 0 {
                        waiter.poll();
                    }
                }
                let still = waiters.iter().filter(|waiter| waiter.task.wakes() == 0).count();
                if still < silent {
                    panic!("`set` returned, but {silent} of {count} waiters had not been woken: {passed_on}");
                }
                "you have their wakers, and called only some. An event happens for everybody who waits."
            } else if silent == count - 1 && waiters[count - 1].task.wakes() > 0 {
                "each new waiter overwrote the last."
            } else {
                "their wakers were not kept, or thrown away. An event happens for everybody who waits."
            };
            panic!("{silent} of {count} waiters sleep forever: {why}");
        }
        let wakes = |waiters: &[Waiter]| waiters.iter().map(|waiter| waiter.task.wakes()).max().unwrap_or(1);
        let most = wakes(&waiters);
        assert!(most == 1, "The event happened once, but a waiter was woken {most} times.");
        // Nobody waits any more.
        event.clone().set();
        let most = wakes(&waiters);
        assert!(
            most == 1,
            "`set` was called twice, and a waiter was woken {most} times. The event happens once: a task that the \
             first call woke does not wait any more."
        );
        for waiter in &mut waiters {
            assert!(
                waiter.poll(),
                "A waiter was woken by the event and polled, but the poll was `Pending`: the event has happened, and \
                 that does not change."
            );
        }
    }
}

/// No waiter is woken before the event, however many wait and however often they poll.
#[test]
fn nobody_is_woken_early() {
    let event = Event::default();
    let mut waiters = Waiter::all(&event, 3);
    for waiter in &mut waiters {
        assert!(!waiter.poll(), "The event had not happened, but a waiter was `Ready`.");
    }
    let wakes: usize = waiters.iter().map(|waiter| waiter.task.wakes()).sum();
    assert!(
        wakes == 0,
        "busy loop (wakes without an event: {wakes}). Three waiters were polled twice each, and the event had not happened: a \
         waiter that is woken polls, registers again, and wakes the next."
    );
}

/// A waiter that polls often is still one waiter, and one whose task has changed is woken in its new task.
#[test]
fn a_waiter_that_polls_often_is_one_waiter() {
    let event = Event::default();
    let mut waiters = Waiter::all(&event, 3);
    for _ in 1..1000 {
        waiters[0].poll();
    }
    let kept = waiters[0].task.live_clones();
    assert!(
        kept <= 2,
        "{kept} wakers are kept where one is enough: one waiter polled 1000 times. All of them would be called."
    );
    // In turns.
    for _ in 1..1000 {
        for waiter in &mut waiters {
            waiter.poll();
        }
    }
    let kept: usize = waiters.iter().map(|waiter| waiter.task.live_clones()).sum();
    assert!(
        kept <= 6,
        "{kept} wakers are kept where 3 are enough: three waiters polled 1000 times each, in turns. A waiter that comes \
         back has to find its own waker, wherever in the list that is."
    );

    let moved = std::mem::take(&mut waiters[0].task);
    waiters[0].poll();
    event.set();
    let woken = (waiters[0].task.wakes(), waiters[1].task.wakes());
    assert!(
        woken.0 > 0,
        "The waiter moved to another task. The task of its last poll was not woken; the one that it was in before was \
         woken {} times.",
        moved.wakes()
    );
    assert!(woken.1 > 0, "A waiter polled often, and another one was forgotten: it was not woken.");
}

/// The event may happen in the middle of a poll: that poll finds it, or the task is woken.
#[test]
fn no_event_is_missed() {
    for others in [0, 2] {
        let event = Event::default();
        let waiters = Waiter::all(&event, others);
        let mut late = Waiter::new(&event);
        let underway = Arc::new(Mutex::new(Vec::new()));
        late.task.on_clone({
            let (event, underway) = (event.clone(), underway.clone());
            move || {
                let first = underway.lock().unwrap().is_empty();
                if first {
                    let event = event.clone();
                    // Whoever clones under the lock keeps it waiting until the poll is over.
                    let set = elsewhere(move || event.set());
                    underway.lock().unwrap().push(set);
                }
            }
        });
        stage("the event happens on another thread, while `poll` clones the waker");
        let ready = late.poll();
        let underway: Vec<_> = underway.lock().unwrap().drain(..).collect();
        if underway.is_empty() {
            // Where nothing is cloned, it happens after the poll.
            event.set();
        }
        for set in underway {
            let came = set.finish();
            assert!(came.is_ok(), "The event happened during a poll, and `set` panicked: {came:?}");
        }
        assert!(
            ready || late.task.wakes() > 0,
            "The event happened while `poll` cloned the waker: the poll returned `Pending`, and nothing woke the task. \
             `poll` had checked before that, and left the waker after it. Nothing may come in between: do both under \
             one lock."
        );
        assert!(
            ready || late.poll(),
            "A waiter was woken by the event and polled, but the poll was `Pending`."
        );
        assert!(
            waiters.iter().all(|waiter| waiter.task.wakes() > 0),
            "The event happened while another waiter was polled, but one that waits was not woken."
        );
    }
}

/// A waiter may be moved between two polls, to a vector for example, and another one takes its place.
#[test]
fn a_waiter_may_be_moved() {
    let event = Event::default();
    let tasks: Vec<CountingWaker> = (0..3).map(|_| CountingWaker::new()).collect();
    let mut place = Box::new(event.wait());
    let mut elsewhere = Vec::new();
    stage("three futures wait for the event, polled one after the other in the same place of memory");
    for task in &tasks {
        let ready = poll_once(&mut *place, &task.waker()).is_ready();
        assert!(!ready, "The event had not happened, but a waiter was `Ready`.");
        elsewhere.push(std::mem::replace(&mut *place, event.wait()));
    }
    event.set();
    let wakes: Vec<usize> = tasks.iter().map(CountingWaker::wakes).collect();
    assert!(
        wakes == [1, 1, 1],
        "Three waiters were polled and then moved to a vector, and the next one took the place in memory of the one \
         before. The event happened, and they were woken {wakes:?} times instead of once each. An address does not \
         identify a future: it may be moved."
    );
    for (waiter, task) in elsewhere.iter_mut().zip(&tasks) {
        let ready = poll_once(waiter, &task.waker()).is_ready();
        assert!(ready, "A waiter was woken by the event and polled, but the poll was `Pending`.");
    }
}

/// A task that is woken may use the event at once: it has happened, and no lock is held.
#[test]
fn who_is_woken_may_use_the_event() {
    let event = Event::default();
    let waiter = Waiter::new(&event);
    let (underway, found) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(None)));
    waiter.task.on_wake({
        let (event, underway, found) = (event.clone(), underway.clone(), found.clone());
        move || {
            let (event, found) = (event.clone(), found.clone());
            let used = elsewhere(move || {
                let poll = poll_once(&mut event.wait(), std::task::Waker::noop());
                *found.lock().unwrap() = Some(poll);
            });
            underway.lock().unwrap().push(used);
        }
    });
    let mut waiters = vec![waiter];
    waiters[0].poll();
    stage("a future waits for the event; when its waker is called, the event is used from another thread");
    event.set();
    let underway = std::mem::take(&mut *underway.lock().unwrap());
    let waited = underway.iter().filter(|used| used.had_to_wait()).count();
    for used in underway {
        let outcome = used.finish();
        assert!(outcome.is_ok(), "Another thread used the event meanwhile, and it panicked: {outcome:?}");
    }
    assert!(
        waited == 0,
        "`set` called a waker, and another thread that used the event meanwhile had to wait: you hold the lock around \
         `wake()`. That is foreign code: take the wakers out, release the lock, and then call them."
    );
    let found = found.lock().unwrap().take();
    assert!(
        found == Some(Poll::Ready(())),
        "`set` called a waker, the event was checked at that moment, and it had not happened yet. Set the flag first, \
         and then wake: a task that is woken checks at once, goes back to sleep, and nothing wakes it again."
    );
}

/// A task may wait twice: both futures are ready when the event has happened.
#[test]
fn a_task_may_wait_twice() {
    let event = Event::default();
    let mut first = Waiter::new(&event);
    let mut second = event.wait();
    let waker = first.task.waker();
    let early = first.poll() || poll_once(&mut second, &waker).is_ready();
    assert!(!early, "The event had not happened, but a waiter was `Ready`.");
    event.set();
    assert!(first.task.wakes() > 0, "A task waited for the event with two futures, but was not woken.");
    assert!(
        first.poll() && poll_once(&mut second, &waker).is_ready(),
        "A task waited for the event with two futures, it happened, but one of the two is still `Pending`."
    );
}

/// A future that comes after the event does not wait.
#[test]
fn latecomers_do_not_wait() {
    let event = Event::default();
    event.set();
    let mut late = Waiter::new(&event);
    assert!(
        late.poll(),
        "The event had happened before, but a latecomer was `Pending`. Nothing will wake it."
    );
    let wakes = late.task.wakes();
    assert!(wakes == 0, "A latecomer found the event, but was also woken {wakes} times.");
}

/// Two events have nothing to do with each other; clones of one are the same event.
#[test]
fn each_event_has_its_own_waiters() {
    let (event, other) = (Event::default(), Event::default());
    let (mut here, mut there) = (Waiter::all(&event.clone(), 2), Waiter::all(&other, 2));
    event.set();
    let wakes = |waiters: &[Waiter]| waiters.iter().map(|waiter| waiter.task.wakes()).collect::<Vec<_>>();
    assert!(
        wakes(&here) == [1, 1],
        "Two waited for a clone of the event, and were woken {:?} times.",
        wakes(&here)
    );
    assert!(
        wakes(&there) == [0, 0] && !there[0].poll(),
        "There are two events. One happened, and the waiters of the other were woken or found `Ready`."
    );
    assert!(here[0].poll(), "A waiter was woken by the event and polled, but the poll was `Pending`.");
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
            assert!(!waiter.poll(), "The event had not happened, but a waiter was `Ready`.");
        }
        waiters
    }

    /// Whether the future is done.
    fn poll(&mut self) -> bool {
        poll_once(&mut self.waiting, &self.task.waker()).is_ready()
    }
}
