//! Hidden tests of `who_wakes_me`: when the task of a `Signal` is woken, by whom, and how often.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::thread::{self, JoinHandle, ThreadId};
// hermetic: bounds the wait for what never comes, and the search for a race; a right answer is not measured by it
use std::time::{Duration, Instant};

use exercise::{Signal, Trigger, signal};
use testkit::{CountingWaker, Effort, panic_of, pick, poll_once, stage, vt};

/// As long as nothing has happened, nothing is woken.
#[test]
fn no_event_no_wake() {
    returns_without_the_event();
    let (trigger, mut signal) = signal();
    let waker = Watched::new();
    check_pending(poll(&mut signal, &waker.waker));
    let asked = waker.wakes();
    let busy = waker.threads().contains(&thread::current().id());
    assert!(
        !busy,
        "The event has not happened, yet you asked to be polled again: this is a busy loop (wakes: {asked}, \
         wanted 0)."
    );
    // When both halves are gone, only somebody who acts on his own can still have the waker.
    let test_thread = thread::current().id();
    drop(signal);
    drop(trigger);
    if waker.counts.live_clones() > 1 {
        await_wake_for(&waker.counts, 0, Duration::from_secs(2));
    }
    let by_others = waker.threads().iter().filter(|thread| **thread != test_thread).count();
    assert!(
        by_others == 0,
        "The event has not happened, but something woke the task: it is polled on a timer, for nothing (wakes: \
         {by_others}, wanted 0)."
    );
    let kept = waker.counts.live_clones() - 1;
    assert!(
        kept == 0,
        "`Signal` and `Trigger` are gone, and a waker of their task is still kept: by a `static`, or by a thread that \
         goes on without them. The waker belongs to the pair and ends with it, and nothing else has to check."
    );
}

/// `poll` gives the thread back at once; it does not sleep first.
#[test]
fn poll_does_not_sleep() {
    returns_without_the_event();
    returns_without_a_nap();
}

/// `fire` wakes the waiting task, once, and the next poll is ready.
#[test]
fn the_event_wakes_the_task_once() {
    returns_without_the_event();
    let (trigger, mut signal) = signal();
    let waker = Watched::new();
    check_pending(poll(&mut signal, &waker.waker));
    let before = waker.wakes();
    fire(&trigger);
    let in_time = waker.wakes() > before;
    await_wake(&waker.counts, before);
    let wakes = waker.wakes();
    assert!(
        wakes > before,
        "`fire` was called, but the waiting task was not woken (wakes: {}). It sleeps until its waker is called, and \
         `fire` is what knows about the event.",
        wakes - before
    );
    let own = waker.threads().contains(&thread::current().id());
    assert!(
        in_time && own,
        "`fire` was called, and the task was woken by another thread, one that you started. `fire` knows about the \
         event: it can call the waker itself, and no other thread has to wait or check."
    );
    assert!(
        wakes == 1,
        "One event, and the task was woken {wakes} times (wanted 1: when the event has happened)."
    );
    assert!(
        poll(&mut signal, &waker.waker).is_ready(),
        "The trigger has fired and the task was woken, yet the `Signal` returns `Pending`: woken for nothing, and \
         nothing will wake it again."
    );
}

/// An event that comes before the first poll is not lost.
#[test]
fn an_early_event_is_not_lost() {
    let (trigger, mut signal) = signal();
    fire(&trigger);
    drop(trigger);
    assert!(
        poll(&mut signal, &CountingWaker::new().waker()).is_ready(),
        "The trigger fired before anybody waited, and the `Signal` returns `Pending`: that event is over, so nothing \
         will wake the task."
    );
}

/// A task may be polled for other reasons in between, any number of times; the event still wakes it, once.
#[test]
fn a_poll_in_between_changes_nothing() {
    returns_without_the_event();
    returns_without_a_nap();
    for polls in [2, 3, pick(1100..=1500) as usize] {
        let (trigger, mut signal) = signal();
        let waker = Watched::new();
        stage("the `Signal` is being polled, again and again");
        for n in 1..=polls {
            assert!(
                polled(&mut signal, &waker.waker).is_pending(),
                "The `Signal` was ready in poll {n}, and its `Trigger` has not fired. A task may be polled for other \
                 reasons, any number of times."
            );
            let wakes = waker.wakes();
            assert!(
                wakes == 0,
                "Poll {n} came before the event, and the task was woken (wakes: {wakes}, wanted 0). Only the \
                 event wakes it; until then it need not be polled."
            );
        }
        let kept = waker.counts.live_clones() - 1;
        assert!(
            kept <= 2,
            "One task polled the `Signal` {polls} times, and {kept} wakers are kept for it. Each poll has to replace \
             the waker of the poll before."
        );
        fire(&trigger);
        await_wake(&waker.counts, 0);
        assert!(
            waker.wakes() > 0,
            "The `Signal` was polled {polls} times before the event, and then `fire` woke nobody. Tasks are \
             polled for many reasons; each `Pending` has to leave a waker behind."
        );
        assert!(
            poll(&mut signal, &waker.waker).is_ready(),
            "The trigger has fired, and the `Signal` returns `Pending`."
        );
    }
}

/// Another task may poll next: the event wakes the task that polled last.
#[test]
fn the_waker_of_the_latest_poll_counts() {
    returns_without_the_event();
    for tasks in [2, 3, 10] {
        let (trigger, mut signal) = signal();
        let wakers: Vec<_> = (0..tasks).map(|_| CountingWaker::new()).collect();
        for waker in &wakers {
            check_pending(poll(&mut signal, &waker.waker()));
        }
        let before: Vec<_> = wakers.iter().map(CountingWaker::wakes).collect();
        let woken = || wakers.iter().zip(&before).position(|(waker, before)| waker.wakes() > *before);
        let last = &wakers[tasks - 1];
        fire(&trigger);
        if last.wakes() == before[tasks - 1] {
            await_wake(last, before[tasks - 1]);
        }
        if last.wakes() == before[tasks - 1] {
            match woken() {
                Some(n) => panic!(
                    "{tasks} tasks polled the `Signal`, one after the other, and `fire` woke number {} instead \
                     of the last one. Each poll brings a waker; the newest one counts.",
                    n + 1
                ),
                None => panic!(
                    "{tasks} tasks polled the `Signal`, one after the other, and `fire` woke none of them \
                     (wakes: 0). Each `Pending` has to leave the waker of its poll behind."
                ),
            }
        }
    }
}

/// The task may run at once when it is woken: it finds the event.
#[test]
fn the_woken_task_finds_the_event() {
    returns_without_the_event();
    let (trigger, mut waiting) = signal();
    let [first, second] = [CountingWaker::new(), CountingWaker::new()];
    check_pending(poll(&mut waiting, &first.waker()));
    let waiting = Mutex::new(Some(waiting));
    let polling = Arc::new(Mutex::new(None));
    let found = Arc::new(Mutex::new(None));
    first.on_wake({
        let (polling, found, second) = (polling.clone(), found.clone(), second.waker());
        move || {
            let Some(mut signal) = waiting.lock().unwrap().take() else { return };
            let (found, second) = (found.clone(), second.clone());
            // On another thread, as in life: where `fire` holds a lock meanwhile, the poll has to wait for its end.
            let thread = beside(move || {
                let ready = poll(&mut signal, &second).is_ready();
                *found.lock().unwrap() = Some((ready, signal));
            });
            *polling.lock().unwrap() = Some(thread);
        }
    });
    fire(&trigger);
    let thread = polling.lock().unwrap().take();
    // Who wakes nobody, or later and elsewhere, is found out by the other tests.
    let Some(thread) = thread else { return };
    thread
        .join()
        .unwrap_or_else(|_| panic!("The `Signal` panicked when it was polled while `fire` was going on."));
    let ready = found.lock().unwrap().as_ref().is_some_and(|(ready, _)| *ready);
    if !ready {
        await_wake(&second, 0);
        assert!(
            second.wakes() > 0,
            "`fire` woke the task, the task polled at once and found no event, and after that nothing woke it. First \
             make the event visible, then wake the task."
        );
    }
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
            *firing.lock().unwrap() = Some(beside(move || fire(&trigger)));
        }
    });
    let ready = poll(&mut signal, &waker.waker()).is_ready();
    let firing = firing.lock().unwrap().take();
    if let Some(thread) = firing {
        if thread.join().is_err() {
            panic!("`fire` panicked when it was called during a poll. It may be called at any time.");
        }
        if !ready {
            await_wake(&waker, 0);
            assert!(
                waker.wakes() > 0,
                "`fire` came in the middle of a poll: after you checked the flag, but before you stored the waker. It \
                 found no waker, so the task sleeps forever. Check the flag and store the waker under one lock."
            );
        }
    }
}

/// The event may come at any moment of a poll.
#[test]
fn an_event_at_any_moment_of_a_poll_is_not_lost() {
    returns_without_the_event();
    if let Some(round) = lost_in_the_middle_of_a_poll() {
        panic!("`fire` was called while `poll` was going on (round {round}): {LOST}");
    }
}

/// A task may poll at any moment of a `fire`.
#[test]
fn a_poll_at_any_moment_of_fire_is_not_lost() {
    returns_without_the_event();
    if let Some(round) = lost_in_the_middle_of_a_fire() {
        panic!("A task polled while `fire` was going on (round {round}): {LOST}");
    }
}

const LOST: &str = "`poll` returned `Pending`, `fire` returned, and nothing was woken. One of them ran in the middle \
                    of the other, so the task sleeps forever. Check and change the flag and the waker under one lock.";

/// A day without the event is only a day of waiting.
#[test]
fn a_long_wait_is_only_a_wait() {
    returns_without_the_event();
    let (trigger, mut signal) = signal();
    let waker = Watched::new();
    let (early, _) = vt(async {
        let early = poll(&mut signal, &waker.waker);
        tokio::time::sleep(Duration::from_secs(86_400 * pick(1..=9))).await;
        [early.is_ready(), poll(&mut signal, &waker.waker).is_ready()]
    });
    assert!(
        early == [false, false],
        "The trigger has not fired for days, and the `Signal` was ready. It waits for the event, however long \
         that takes."
    );
    let wakes = waker.wakes();
    assert!(
        wakes == 0,
        "The trigger has not fired for days, and the task was woken (wakes: {wakes}, wanted 0). Only the event \
         wakes it."
    );
    fire(&trigger);
    await_wake(&waker.counts, 0);
    assert!(
        poll(&mut signal, &waker.waker).is_ready(),
        "The trigger fired after days, and the `Signal` returns `Pending`."
    );
}

/// A thread may give up and drop its trigger: then there is no report.
#[test]
fn a_dropped_trigger_has_not_fired() {
    returns_without_the_event();
    for polls in [0, 1, 2] {
        let (trigger, mut signal) = signal();
        let waker = CountingWaker::new().waker();
        for _ in 0..polls {
            check_pending(poll(&mut signal, &waker));
        }
        drop(trigger);
        stage("the `Trigger` has been dropped, and the `Signal` is being polled");
        // A panic would be an answer, too.
        let now = panic_of(|| poll_once(&mut signal, &waker));
        assert!(
            now != Ok(Poll::Ready(())),
            "The trigger was dropped, nobody had called `fire`, and the `Signal` returned `Ready`. There is no report: \
             a thread that gives up, or panics, has not fired."
        );
    }
}

/// Two pairs, side by side or one after the other, share nothing.
#[test]
fn two_pairs_keep_apart() {
    returns_without_the_event();
    let [(my_trigger, mut mine), (your_trigger, mut yours)] = [signal(), signal()];
    let [my_waker, your_waker] = [CountingWaker::new(), CountingWaker::new()];
    check_pending(poll(&mut mine, &my_waker.waker()));
    check_pending(poll(&mut yours, &your_waker.waker()));
    let before = [my_waker.wakes(), your_waker.wakes()];
    fire(&my_trigger);
    await_wake(&my_waker, before[0]);
    assert!(
        your_waker.wakes() == before[1],
        "Two pairs were there, one trigger fired, and the task of the other signal was woken. Each pair has \
         its own waker."
    );
    assert!(
        my_waker.wakes() > before[0],
        "Two signals were awaited, and the trigger of the first one fired: its task was not woken. Each pair \
         has its own waker."
    );
    assert!(
        poll(&mut yours, &your_waker.waker()).is_pending(),
        "Two pairs were there, one trigger fired, and the signal of the other pair was ready. Each pair has \
         its own event."
    );
    assert!(
        poll(&mut mine, &my_waker.waker()).is_ready(),
        "Of two pairs, one has fired, and its signal is `Pending`."
    );
    let (_third_trigger, mut third) = signal();
    assert!(
        poll(&mut third, &CountingWaker::new().waker()).is_pending(),
        "A new pair was made after another one had fired, and its signal was ready at once. Each pair has its \
         own event."
    );
    drop(your_trigger);
}

/// The task may have given up: then the event is for nobody, and that causes no harm.
#[test]
fn an_event_for_nobody_is_harmless() {
    returns_without_the_event();
    for polls in [0, 1, 2] {
        let (trigger, mut signal) = signal();
        for _ in 0..polls {
            check_pending(poll(&mut signal, &CountingWaker::new().waker()));
        }
        drop(signal);
        stage("the `Signal` has been dropped, and `fire` is called");
        if let Err(text) = panic_of(|| trigger.fire()) {
            panic!(
                "The task gave up waiting (its `Signal` was polled {polls} times and dropped), and then `fire` \
                 panicked. The thread cannot know who still waits: an event for nobody has to be \
                 harmless.\n{text}"
            );
        }
    }
}

/// A waker that tells on which threads it was called.
struct Watched {
    counts: CountingWaker,
    waker: Waker,
    threads: Arc<Mutex<Vec<ThreadId>>>,
}

impl Watched {
    fn new() -> Self {
        let (counts, threads) = (CountingWaker::new(), Arc::new(Mutex::new(Vec::new())));
        counts.on_wake({
            let threads = threads.clone();
            move || threads.lock().unwrap().push(thread::current().id())
        });
        Self { waker: counts.waker(), counts, threads }
    }

    fn wakes(&self) -> usize {
        self.counts.wakes()
    }

    fn threads(&self) -> Vec<ThreadId> {
        self.threads.lock().unwrap().clone()
    }
}

/// Finds a `poll` that stays until the event comes: it is given the event, and comes back `Ready`.
fn returns_without_the_event() {
    // On a machine that is busy enough, one attempt could mislead: the event might overtake a poll that does not wait.
    for _ in 0..4 {
        let (trigger, mut signal) = signal();
        let (returned, has_returned) = mpsc::channel::<()>();
        let helper = thread::spawn(move || {
            let stays =
                has_returned.recv_timeout(Duration::from_millis(200)) == Err(RecvTimeoutError::Timeout);
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
        "`poll` must return at once. Yours stayed until the event had happened, and blocked the thread meanwhile: no \
         other task could run."
    );
}

/// Finds a `poll` that sleeps for a while before it says `Pending`.
fn returns_without_a_nap() {
    // One nap may be the system's; a `poll` that sleeps does so each time.
    for _ in 0..4 {
        let Some(before) = Effort::of_others() else { return };
        let counts = CountingWaker::new();
        let (trigger, signal) = signal();
        let waker = counts.waker();
        let poller = thread::spawn(move || {
            let mut signal = signal;
            let _ = [poll(&mut signal, &waker), poll(&mut signal, &waker)];
        });
        let panicked = poller.join().is_err();
        let napped = Effort::of_others().is_some_and(|now| now.since(before).naps > 0);
        drop(trigger);
        // Whoever starts threads is found out by the other tests; the naps may be theirs.
        if panicked || !napped || counts.live_clones() > 0 || counts.wakes() > 0 {
            return;
        }
    }
    panic!(
        "`poll` must return at once. Yours slept for a while before it returned `Pending`, each time: no other task of \
         that thread could run meanwhile."
    );
}

/// Begins `work` on another thread; returns when it is done, or waits for a lock that the caller holds.
fn beside(work: impl FnOnce() + Send + 'static) -> JoinHandle<()> {
    let [begun, go] = [(); 2].map(|()| Arc::new(AtomicBool::new(false)));
    let thread = thread::spawn({
        let (begun, go) = (begun.clone(), go.clone());
        move || {
            begun.store(true, Ordering::SeqCst);
            while !go.load(Ordering::SeqCst) {
                thread::yield_now();
            }
            work();
        }
    });
    while !begun.load(Ordering::SeqCst) {
        thread::yield_now();
    }
    let before = Effort::of_others();
    go.store(true, Ordering::SeqCst);
    let start = Instant::now();
    while !thread.is_finished() && start.elapsed() < Duration::from_secs(3) {
        thread::sleep(Duration::from_millis(1));
        let asleep = match (before, Effort::of_others()) {
            (Some(before), Some(now)) => now.since(before).naps > 0,
            _ => start.elapsed() > Duration::from_millis(250),
        };
        if asleep && start.elapsed() > Duration::from_millis(20) {
            break;
        }
    }
    thread
}

/// Nothing found by then is no fault.
const SEARCH: Duration = Duration::from_millis(800);

/// Lets `fire` come at any moment of a poll, many times, and tells in which round an event was lost.
fn lost_in_the_middle_of_a_poll() -> Option<usize> {
    stage("`fire` comes while `poll` is going on");
    let [begun, done] = [const { AtomicUsize::new(0) }; 2];
    let (triggers, next_trigger) = mpsc::channel::<Trigger>();
    thread::scope(|scope| {
        scope.spawn(|| {
            for (round, trigger) in (1..).zip(next_trigger) {
                // A sleeper interrupts the poll wherever that is, also where both share a core.
                thread::sleep(Duration::from_micros(pick(1..=20)));
                begun.store(round, Ordering::SeqCst);
                let _ = panic_of(|| trigger.fire());
                done.store(round, Ordering::SeqCst);
            }
        });
        // Dropped with this closure, which ends the other thread.
        let triggers = triggers;
        // Each poll is that of another task, so the waker of the poll before is no help.
        let tasks: Vec<_> = (0..8).map(|_| CountingWaker::new()).collect();
        let wakers: Vec<_> = tasks.iter().map(CountingWaker::waker).collect();
        let start = Instant::now();
        for round in (1..=500).take_while(|_| start.elapsed() < SEARCH) {
            let (trigger, mut signal) = signal();
            triggers.send(trigger).ok()?;
            let (mut n, mut before, mut pending) = (0, 0, false);
            while begun.load(Ordering::SeqCst) < round {
                n = (n + 1) % tasks.len();
                before = tasks[n].wakes();
                pending = panic_of(|| poll_once(&mut signal, &wakers[n])).ok()?.is_pending();
                if !pending {
                    break;
                }
            }
            while done.load(Ordering::SeqCst) < round {
                thread::yield_now();
            }
            if pending && tasks[n].wakes() == before {
                return is_lost(&mut signal, &tasks[n], before).then_some(round);
            }
        }
        None
    })
}

/// Lets `poll` come at any moment of a `fire`, many times, and tells in which round an event was lost.
fn lost_in_the_middle_of_a_fire() -> Option<usize> {
    stage("`poll` comes while `fire` is going on");
    let start = Instant::now();
    let mut round = 0;
    let task = CountingWaker::new();
    let waker = task.waker();
    while round < 300 && start.elapsed() < SEARCH {
        let (triggers, mut signals): (Vec<_>, Vec<_>) = (0..1_000).map(|_| signal()).unzip();
        let [begun, done] = [const { AtomicUsize::new(0) }; 2];
        let lost = thread::scope(|scope| {
            let firing = scope.spawn(|| {
                for (n, trigger) in (1..).zip(triggers) {
                    begun.store(n, Ordering::SeqCst);
                    let _ = panic_of(|| trigger.fire());
                    done.store(n, Ordering::SeqCst);
                }
            });
            while !firing.is_finished() {
                thread::sleep(Duration::from_micros(pick(1..=20)));
                let before = task.wakes();
                let n = begun.load(Ordering::SeqCst);
                let Some(signal) = n.checked_sub(1).and_then(|n| signals.get_mut(n)) else { continue };
                let pending = panic_of(|| poll_once(signal, &waker)).ok()?.is_pending();
                round += 1;
                while done.load(Ordering::SeqCst) < n {
                    thread::yield_now();
                }
                if pending && task.wakes() == before {
                    return is_lost(signal, &task, before).then_some(round);
                }
            }
            None
        });
        if lost.is_some() {
            return lost;
        }
    }
    None
}

/// `poll` said `Pending`, `fire` has returned, and nobody was woken so far. Whoever wakes later, or never sets the
/// flag, is found out by the other tests.
fn is_lost(signal: &mut Signal, task: &CountingWaker, before: usize) -> bool {
    await_wake(task, before);
    task.wakes() == before && panic_of(|| poll_once(signal, Waker::noop())).is_ok_and(|now| now.is_ready())
}

/// Lets a wake that comes from another thread arrive.
fn await_wake(waker: &CountingWaker, before: usize) {
    await_wake_for(waker, before, Duration::from_millis(500));
}

fn await_wake_for(waker: &CountingWaker, before: usize, at_most: Duration) {
    let start = Instant::now();
    while waker.wakes() == before && waker.live_clones() > 0 && start.elapsed() < at_most {
        thread::sleep(Duration::from_millis(1));
    }
}

fn check_pending(answer: Poll<()>) {
    assert!(answer.is_pending(), "The `Signal` returned `Ready`, and its `Trigger` has not fired.");
}

fn poll(signal: &mut Signal, waker: &Waker) -> Poll<()> {
    stage("the `Signal` is being polled");
    polled(signal, waker)
}

/// Without a word to the grader, which would be held up by thousands of them.
fn polled(signal: &mut Signal, waker: &Waker) -> Poll<()> {
    panic_of(|| poll_once(&mut Box::pin(signal), waker))
        .unwrap_or_else(|text| panic!("`Signal` panicked: {text}"))
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
