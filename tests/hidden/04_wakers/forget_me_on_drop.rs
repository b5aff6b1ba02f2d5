//! Hidden tests of `forget_me_on_drop`.

use std::mem::ManuallyDrop;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Wake, Waker};

use exercise::{Event, Waiting};
use testkit::{CountingWaker, elsewhere, fresh_pages, jostle, panic_of, poll_once, stage};

/// A thousand waiters that were dropped leave no waker behind, and one that stays is woken.
#[test]
fn who_is_dropped_leaves_nothing() {
    let event = Event::default();
    let staying = CountingWaker::new();
    let stays = waiting(&event, &staying);
    stage("1000 futures wait for the event and are dropped");
    let tasks: Vec<CountingWaker> = (0..1000).map(|_| CountingWaker::new()).collect();
    for task in &tasks {
        leave(waiting(&event, task), "1000 came and left, one after the other");
    }
    let kept: usize = tasks.iter().map(CountingWaker::live_clones).sum();
    assert!(
        kept == 0,
        "{kept} dead wakers kept alive. 1000 waiters were dropped while another one still waited, and their wakers are \
         still with the event: each has to remove its own when it leaves, not only the very last one."
    );
    event.set();
    let woken: usize = tasks.iter().map(CountingWaker::wakes).sum();
    assert!(woken == 0, "{woken} tasks were woken whose futures had been dropped.");
    let wakes = staying.wakes();
    assert!(
        wakes > 0,
        "{SOMEONE_ELSES} 1000 others were dropped, but the one that still waited was not woken."
    );
    leave(stays, "it waited to the end");
}

/// Every waiter that still waits is woken, whichever of the others leave, in any order.
#[test]
fn the_others_stay() {
    // Letters come, each a waiter of its own; a question mark is before one that is not polled. A minus sends the one behind
    // it away, a plus polls it again.
    for story in [
        "A B C -B",
        "A B C D -A -B",
        "A B C D -D -A",
        "A B -A C",
        "A B C -A D -C",
        "A B C -A -B D E",
        "A B C -A D -B E F",
        "A B -A +B",
        "A B C -A +C -B +C",
        "A B C -B D +C -A +D +C",
        "A ?B -B",
        "?A B C -A",
        "A ?B C -B +A -C",
    ] {
        let event = Event::default();
        let mut gone: Vec<(char, CountingWaker)> = Vec::new();
        let mut present: Vec<(char, CountingWaker, Held)> = Vec::new();
        let told = tell(story);
        stage(format!("waiters come and go ({told}); then the event happens"));
        for word in story.split(' ') {
            let name = word.chars().last().expect("no empty words");
            let place = present.iter().position(|(own, ..)| *own == name);
            if word.starts_with('-') {
                let (_, task, waiting) = present.remove(place.expect("it came"));
                leave(waiting, &told);
                gone.push((name, task));
            } else if word.starts_with('+') {
                let (_, task, waiting) = &mut present[place.expect("it came")];
                let poll = poll_once(&mut **waiting, &task.waker());
                assert!(poll.is_pending(), "The event had not happened, but a waiter was `Ready`.");
            } else {
                let task = CountingWaker::new();
                let waiting = if word.starts_with('?') {
                    ManuallyDrop::new(event.wait())
                } else {
                    waiting(&event, &task)
                };
                present.push((name, task, waiting));
            }
        }
        event.set();
        for (name, task, _) in present.iter().filter(|(name, ..)| !story.contains(&format!("?{name}"))) {
            assert!(
                task.wakes() > 0,
                "{SOMEONE_ELSES} Waiter {name} still waited, but nothing woke it. ({told})"
            );
            assert!(
                task.wakes() == 1,
                "The event happened once, but waiter {name} was woken {} times: it left more than one waker. One \
                 waiter has one entry, however often it is polled. ({told})",
                task.wakes()
            );
        }
        for (name, task) in &gone {
            assert!(
                task.live_clones() == 0 && task.wakes() == 0,
                "A dead waker was kept alive: waiter {name} left, but its waker did not. ({told})"
            );
        }
        // They leave as well, after the event.
        for (name, _, waiting) in present {
            leave(waiting, &format!("{told}, the event happened, {name} left"));
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
        leave(leaves, "a task waited twice, and dropped one of the two");
        event.set();
        assert!(
            task.wakes() > 0,
            "{SOMEONE_ELSES} One task waited twice, with equal wakers, and dropped one of the two futures. The other \
             one still waits, but nothing wakes it."
        );
        leave(stays, "a task waited twice, and dropped both");
    }
}

/// What the event keeps does not grow with the number of futures that ever waited.
#[test]
fn the_event_does_not_grow() {
    const WAITERS: usize = 40_000;
    let event = Event::default();
    let staying = CountingWaker::new();
    let stays = waiting(&event, &staying);
    let come_and_go = |count: usize| {
        let mut before = None;
        for _ in 0..count {
            let mut next = event.wait();
            let _ = poll_once(&mut next, Waker::noop());
            // As in a server: the next has come when the one before leaves.
            before = Some(next);
        }
        drop(before);
    };
    stage(format!("{WAITERS} futures wait for the event and are dropped, each when the next has come"));
    come_and_go(1_000);
    let before = fresh_pages();
    come_and_go(WAITERS);
    if let (Some(before), Some(after)) = (before, fresh_pages()) {
        let pages = after - before;
        assert!(
            pages < 32,
            "{WAITERS} waiters came and left, each when the next had come, and the event has grown by {} KiB: it still \
             keeps something for each of them, even if that is not a waker. A waiter that leaves has to free its space \
             for the next.",
            pages * 4
        );
    }
    event.set();
    assert!(staying.wakes() == 1, "{WAITERS} came and left, but the one that still waited was not woken.");
    leave(stays, "it waited to the end");
}

/// A task that is woken may drop its future at once, from within `wake`.
#[test]
fn who_is_woken_may_leave_at_once() {
    let event = Event::default();
    let tasks: Vec<CountingWaker> = (0..3).map(|_| CountingWaker::new()).collect();
    let underway = Arc::new(Mutex::new(Vec::new()));
    for task in &tasks {
        let waiting = Mutex::new(Some(waiting(&event, task)));
        let underway = underway.clone();
        task.on_wake(move || {
            if let Some(waiting) = waiting.lock().unwrap().take() {
                let left = elsewhere(move || drop(ManuallyDrop::into_inner(waiting)));
                underway.lock().unwrap().push(left);
            }
        });
    }
    stage("three futures wait; each is dropped as soon as its waker is called");
    event.set();
    let underway = std::mem::take(&mut *underway.lock().unwrap());
    let waited = underway.iter().filter(|left| left.had_to_wait()).count();
    assert!(
        waited == 0,
        "A task was woken and dropped its future at once, and the drop had to wait: `set` calls the wakers while it holds \
         the lock. On one thread, both would wait for each other."
    );
    assert!(underway.len() == 3, "The event happened, but only {} of 3 waiters were woken.", underway.len());
    for left in underway {
        let outcome = left.finish();
        assert!(
            outcome.is_ok(),
            "A waiter left as soon as it was woken, and its `drop` panicked: {outcome:?}"
        );
    }
}

/// A task that is woken finds the event, however soon it checks.
#[test]
fn who_is_woken_finds_the_event() {
    let event = Event::default();
    let task = CountingWaker::new();
    let (underway, found) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(None)));
    task.on_wake({
        let (event, underway, found) = (event.clone(), underway.clone(), found.clone());
        move || {
            let (event, found) = (event.clone(), found.clone());
            let looked = elsewhere(move || {
                let poll = poll_once(&mut event.wait(), Waker::noop());
                *found.lock().unwrap() = Some(poll);
            });
            underway.lock().unwrap().push(looked);
        }
    });
    let held = waiting(&event, &task);
    stage("a future waits for the event; when its waker is called, another thread checks the event");
    event.set();
    for looked in std::mem::take(&mut *underway.lock().unwrap()) {
        let outcome = looked.finish();
        assert!(outcome.is_ok(), "Another thread checked the event meanwhile, and it panicked: {outcome:?}");
    }
    let found = found
        .lock()
        .unwrap()
        .take()
        .unwrap_or_else(|| panic!("The event happened, but a waiter was not woken."));
    assert!(
        found.is_ready(),
        "`set` called a waker, the event was checked at that moment, and it had not happened yet. Set the flag first, \
         and then wake: a task that is woken checks at once, goes back to sleep, and nothing wakes it again."
    );
    leave(held, "it waited to the end");
}

/// A request that panics drops the future that waits, and leaves nothing behind either.
#[test]
fn a_panic_leaves_nothing() {
    let event = Event::default();
    let request = CountingWaker::new();
    let held = waiting(&event, &request);
    stage("a request panics while it waits for the event");
    let _ = panic_of(|| -> () {
        let _waiting = ManuallyDrop::into_inner(held);
        resume_unwind(Box::new("the request panics"))
    });
    let kept = request.live_clones();
    assert!(
        kept == 0,
        "A request panicked, which dropped the future that waited, and its waker is still with the event (wakers kept: \
         {kept}). Nothing else will remove it."
    );
}

/// Hundreds may wait at once: those that leave are forgotten, and the rest are woken.
#[test]
fn hundreds_may_wait_at_once() {
    let event = Event::default();
    let tasks: Vec<CountingWaker> = (0..600).map(|_| CountingWaker::new()).collect();
    let (mut stay, mut go) = (Vec::new(), Vec::new());
    for (number, task) in tasks.iter().enumerate() {
        let held = waiting(&event, task);
        if number % 3 == 0 { stay.push((task, held)) } else { go.push((task, held)) }
    }
    let mut gone = Vec::new();
    for (task, held) in go {
        leave(held, "600 came, and two of each three left");
        gone.push(task);
    }
    event.set();
    let kept: usize = gone.iter().map(|task| task.live_clones() + task.wakes()).sum();
    assert!(kept == 0, "600 waited at once and 400 left, and {kept} of their wakers were kept, or called.");
    let woken = stay.iter().filter(|(task, _)| task.wakes() == 1).count();
    assert!(
        woken == 200,
        "600 waited at once and 400 left: {woken} of the 200 that stayed were woken, once."
    );
    stay.into_iter().for_each(|(_, held)| leave(held, "it waited to the end"));
}

/// A waiter that leaves takes its entry along, even if somebody else has the lock at that moment.
#[test]
fn who_leaves_in_a_crowd_leaves_nothing() {
    stage("several threads wait for the event and leave, again and again");
    let (event, request) = (Event::default(), Arc::new(Request));
    let turn = async || {
        let mut waiting = ManuallyDrop::new(event.wait());
        let _ = poll_once(&mut *waiting, &Waker::from(request.clone()));
        drop(ManuallyDrop::into_inner(waiting));
    };
    if let Err(jostled) = jostle(turn, turn) {
        panic!("Several threads waited for the event and left, and {jostled}.");
    }
    let kept = Arc::strong_count(&request) - 1;
    assert!(
        kept == 0,
        "Several threads waited for the event and left, and {kept} of their wakers are still with it. A waiter that \
         leaves has to remove its own, even if somebody else has the lock at that moment: the lock is free again soon, \
         and `drop` runs only once."
    );
}

/// A task that waits.
struct Request;

impl Wake for Request {
    fn wake(self: Arc<Self>) {}
}

/// Only the newest waker of a waiter is kept, and a waiter that was never polled has none.
#[test]
fn one_entry_for_each_waiter() {
    let event = Event::default();
    leave(ManuallyDrop::new(event.wait()), "it came, was never polled, and left");
    let tasks: Vec<CountingWaker> = (0..100).map(|_| CountingWaker::new()).collect();
    let mut waiting = ManuallyDrop::new(event.wait());
    for task in tasks.iter().chain(&tasks) {
        let poll = poll_once(&mut *waiting, &task.waker());
        assert!(poll.is_pending(), "The event had not happened, but a waiter was `Ready`.");
    }
    let newest = &tasks[99];
    let stale: usize = tasks[..99].iter().map(CountingWaker::live_clones).sum();
    assert!(
        stale + newest.live_clones() <= 2,
        "{} wakers are kept where one is enough: one waiter moved from task to task. Only the newest counts.",
        stale + newest.live_clones()
    );
    event.set();
    let wakes = newest.wakes();
    let others: usize = tasks[..99].iter().map(CountingWaker::wakes).sum();
    assert!(
        wakes == 1,
        "One waiter moved through 100 tasks, and the event happened: the task that polled last was woken {wakes} times, those \
         that had it before {others} times. The waker of its last poll has to be the one that is kept."
    );
    let late = CountingWaker::new();
    for mut future in [waiting, ManuallyDrop::new(event.wait())] {
        let poll = poll_once(&mut *future, &late.waker());
        assert!(poll.is_ready(), "The event has happened, but a poll was `Pending`.");
        leave(future, "it came and left after the event");
    }
    assert!(
        late.live_clones() == 0,
        "The event has happened, but it still keeps a waker. Nothing will ever call it."
    );
}

/// A waiter may be moved between two polls, and before it leaves: another one takes its place in memory.
#[test]
fn a_waiter_may_be_moved() {
    let event = Event::default();
    let tasks: Vec<CountingWaker> = (0..3).map(|_| CountingWaker::new()).collect();
    let mut place = Box::new(event.wait());
    let mut moved = Vec::new();
    stage("three futures wait for the event, polled one after the other in the same place of memory");
    for task in &tasks {
        let ready = poll_once(&mut *place, &task.waker()).is_ready();
        assert!(!ready, "The event had not happened, but a waiter was `Ready`.");
        moved.push(ManuallyDrop::new(std::mem::replace(&mut *place, event.wait())));
    }
    let story = "A, B and C were polled in the same place of memory and moved to a vector";
    leave(moved.remove(0), story);
    event.set();
    let kept = tasks[0].live_clones() + tasks[0].wakes();
    let wakes = [tasks[1].wakes(), tasks[2].wakes()];
    assert!(
        kept == 0 && wakes == [1, 1],
        "Three waiters were polled in the same place of memory, one after the other, and then moved to a vector; the \
         first left, and the event happened. The two others were woken {wakes:?} times instead of once each, and \
         {kept} wakers of the first were kept or called. An address does not identify a future: it may be moved."
    );
    moved.into_iter().for_each(|held| leave(held, story));
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
                // Whoever clones under the lock keeps it waiting until the poll is over.
                let set = elsewhere(move || event.set());
                underway.lock().unwrap().push(set);
            }
        }
    });
    stage("the event happens on another thread, while `poll` clones the waker");
    let mut waiting = ManuallyDrop::new(event.wait());
    let ready = poll_once(&mut *waiting, &task.waker()).is_ready();
    let underway = std::mem::take(&mut *underway.lock().unwrap());
    if underway.is_empty() {
        event.set();
    }
    for set in underway {
        let came = set.finish();
        assert!(came.is_ok(), "The event happened during a poll, and `set` panicked: {came:?}");
    }
    assert!(
        ready || task.wakes() > 0,
        "The event happened while `poll` cloned the waker: the poll returned `Pending`, and nothing woke the task. \
         `poll` had checked before that, and left the waker after it. Nothing may come in between: do both under one \
         lock."
    );
    leave(waiting, "the event happened during its poll");
}

const SOMEONE_ELSES: &str = "You removed someone else's waker.";

/// A future that waits. It is dropped by [`leave`] only: a `drop` that panics must not end a test that fails already.
type Held = ManuallyDrop<Waiting>;

/// A future that waits for the event, polled once by the task.
fn waiting(event: &Event, task: &CountingWaker) -> Held {
    let mut waiting = ManuallyDrop::new(event.wait());
    let poll = poll_once(&mut *waiting, &task.waker());
    assert!(poll.is_pending(), "The event had not happened, but a waiter was `Ready`.");
    waiting
}

/// Drops it.
fn leave(waiting: Held, story: &str) {
    if let Err(text) = panic_of(|| drop(ManuallyDrop::into_inner(waiting))) {
        panic!(
            "A waiter left, and its `drop` panicked. ({story}) It may leave at any time, even when its entry is \
             gone.\n{text}"
        );
    }
}

/// A story in words.
fn tell(story: &str) -> String {
    let words = story.split(' ').map(|word| match word.split_at(word.len() - 1) {
        ("-", name) => format!("{name} left"),
        ("?", name) => format!("{name} came and was not polled"),
        ("+", name) => format!("{name} was polled again"),
        (_, name) => format!("{name} came"),
    });
    words.collect::<Vec<_>>().join(", ")
}
