//! Hidden tests of `thousand_sleepers`: what is seen from outside.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use testkit::{Lane, Timeline, panic_of, pick, side_by_side, stage, vt};
use tokio::runtime::Builder;
use tokio::time::Instant;

/// One bell: which, when by the runtime's clock, and whether on the runtime's thread.
struct Bell {
    reminder: usize,
    after: Duration,
    at_home: bool,
}

/// What was seen of one call of `remind`.
struct Seen {
    bells: Vec<Bell>,
    took: Duration,
    /// The same by the clock on the wall.
    really: Duration,
    /// Threads that the runtime had to start beside the one it was given.
    threads_started: usize,
    /// How often the thread lay down.
    rests: usize,
}

/// Calls the learner's `remind` on one thread, with a clock that skips every wait.
fn remind(delays: Vec<Duration>) -> Seen {
    remind_on(None, delays)
}

/// The same, with a drawing for the learner.
fn remind_on(lane: Option<Lane>, delays: Vec<Duration>) -> Seen {
    let rests = Arc::new(AtomicUsize::new(0));
    let started = Arc::new(AtomicUsize::new(0));
    let bells: Arc<Mutex<Vec<Bell>>> = Arc::default();
    let rt = Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .on_thread_start({
            let started = started.clone();
            move || {
                started.fetch_add(1, Ordering::SeqCst);
            }
        })
        .on_thread_park({
            let rests = rests.clone();
            move || {
                rests.fetch_add(1, Ordering::SeqCst);
            }
        })
        .build()
        .expect("a runtime can be built");
    let home = thread::current().id();
    let rung = bells.clone();
    // hermetic: chooses between two messages of a test that fails either way
    let called = std::time::Instant::now();
    let marked = lane.clone();
    let asked = delays.len();
    let outcome = panic_of(|| {
        rt.block_on(async move {
            let start = Instant::now();
            let ring = move |reminder| {
                let bell = Bell { reminder, after: start.elapsed(), at_home: thread::current().id() == home };
                rung.lock().unwrap().push(bell);
                if let Some(lane) = &marked {
                    lane.mark(format!("bell {reminder} rings"));
                }
            };
            let reminding = exercise::remind(delays, ring);
            match lane {
                Some(lane) => lane.watch(reminding).await,
                None => reminding.await,
            }
            start.elapsed()
        })
    });
    let really = called.elapsed();
    let took = match outcome {
        Ok(took) => took,
        Err(text) if asked == 0 => panic!("`remind` had no reminder to ring, and panicked: {text}"),
        Err(text) => panic!("`remind` panicked: {text}"),
    };
    let bells = std::mem::take(&mut *bells.lock().unwrap());
    Seen {
        bells,
        took,
        really,
        threads_started: started.load(Ordering::SeqCst),
        rests: rests.load(Ordering::SeqCst),
    }
}

/// Fails unless the waits took place on the runtime's own thread and clock.
fn check_parked(seen: &Seen, delays: &[Duration]) {
    let asked = delays.len();
    let foreign = seen.bells.iter().filter(|bell| !bell.at_home).count();
    let threads = seen.threads_started.max(foreign);
    assert!(
        threads == 0,
        "You used {threads} OS thread{}. A parked future needs none.\n\
         {asked} reminders should wait side by side on the one thread that there is.",
        if threads == 1 { "" } else { "s" }
    );
    let times: BTreeSet<&Duration> = delays.iter().collect();
    assert!(
        seen.bells.len() >= asked || seen.bells.len() != times.len(),
        "There were {asked} reminders, {} of them with a delay that another one has, too. `remind` returned when {} \
         had rung: one for each different delay.\n\
         Each reminder rings, even if others ring at the same time.",
        asked - times.len(),
        seen.bells.len()
    );
    assert!(
        seen.bells.len() >= asked,
        "`remind` returned when {} of {asked} reminders had rung.\n\
         It returns when the last one has rung, and a task that nobody waits for may not be finished.",
        seen.bells.len()
    );
    assert!(
        !seen.took.is_zero() || keeps_the_thread(),
        "No reminder waited: all rang at once.\n\
         Calling `sleep` makes a future; the wait begins where that future is awaited."
    );
    assert!(
        !seen.took.is_zero(),
        "The thread was never free: each wait blocked it or kept it busy.\n\
         A parked future gives the thread back, and the timer wakes it when its time has come."
    );
}

/// Whether reminders wait at all, if not by the runtime's clock. The wall only chooses the message; on a busy machine
/// the quickest of several runs tells.
fn keeps_the_thread() -> bool {
    (0..3).all(|_| remind(a_few()).really >= SHORTEST_OF_THE_LONGEST)
}

/// Fails unless every reminder rang once, at its own time.
fn check_times(seen: &Seen, delays: &[Duration]) {
    let asked = delays.len();
    let different: BTreeSet<usize> = seen.bells.iter().map(|bell| bell.reminder).collect();
    assert!(
        different.len() == asked && seen.bells.len() == asked,
        "There were {asked} reminders, and each should ring once: {} bells rang, for {} of them.",
        seen.bells.len(),
        different.len()
    );
    let longest = delays.iter().max().copied().unwrap_or_default();
    assert!(
        delays.iter().filter(|delay| !delay.is_zero()).count() < 2 || seen.took < delays.iter().sum(),
        "{} s: one at a time.\n\
         The longest wait is {} s. The next one has to start before this one is over.",
        seconds(seen.took),
        seconds(longest)
    );
    let right_times = {
        let mut times: Vec<Duration> = delays.to_vec();
        times.sort();
        seen.bells.iter().zip(times).all(|(bell, time)| (time..time + GRAIN).contains(&bell.after))
    };
    let on_time = |bell: &Bell| (delays[bell.reminder]..delays[bell.reminder] + GRAIN).contains(&bell.after);
    if let Some(bell) = seen.bells.iter().find(|bell| right_times && !on_time(bell)) {
        panic!(
            "The bells rang at the right times, but with the wrong numbers: reminder {} has a delay of {} s, and its \
             number was called after {} s.\n\
             The number of a reminder is its index in `delays`, in the order in which you received them.",
            bell.reminder,
            seconds(delays[bell.reminder]),
            seconds(bell.after)
        );
    }
    for bell in &seen.bells {
        let delay = delays[bell.reminder];
        assert!(
            bell.after >= delay,
            "Reminder {} has a delay of {} s and rang after {} s, too early.\n\
             Each one has its own time.",
            bell.reminder,
            seconds(delay),
            seconds(bell.after)
        );
        assert!(
            bell.after < delay + GRAIN,
            "Reminder {} has a delay of {} s and rang after {} s, too late; {} of {asked} were on time.\n\
             Each one has its own time, and all of them wait from the beginning.",
            bell.reminder,
            seconds(delay),
            seconds(bell.after),
            seen.bells.iter().filter(|bell| on_time(bell)).count()
        );
    }
    assert!(
        seen.took < longest + GRAIN,
        "The last reminder rang after {} s, and `remind` returned after {} s.",
        seconds(longest),
        seconds(seen.took)
    );
}

/// Fails if somebody got up to look at the clock.
fn check_rests(seen: &Seen, delays: &[Duration]) {
    let times: BTreeSet<Duration> = delays.iter().copied().collect();
    assert!(
        seen.rests <= 4 * times.len() + SOME,
        "Reminders rang at {} different times in {} s, and the thread woke up {} times: mostly to check the clock.\n\
         A timer wakes a task once, when its time has come.",
        times.len(),
        seconds(seen.took),
        seen.rests
    );
}

/// Tokio's clock counts whole milliseconds, and rounds up.
const GRAIN: Duration = Duration::from_millis(2);

/// A thread may get up so often for reasons of its own.
const SOME: usize = 20;

fn seconds(duration: Duration) -> String {
    let text = format!("{:.3}", duration.as_secs_f64());
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A few reminders: an answer that blocks shows here, before ten thousand of them would take hours.
fn a_few() -> Vec<Duration> {
    [pick(25..=35), pick(5..=14), pick(15..=24)].map(Duration::from_millis).to_vec()
}

/// Whoever waits for a few reminders, one by one or side by side, needs this long.
const SHORTEST_OF_THE_LONGEST: Duration = Duration::from_millis(25);

/// Each reminder rings once, at its own time, and the longest wait is the whole wait.
#[test]
fn each_rings_at_its_own_time() {
    stage("three reminders of 10 to 30 ms");
    let delays = a_few();
    let seen = remind_on(Some(Timeline::new().lane("remind")), delays.clone());
    check_parked(&seen, &delays);
    check_times(&seen, &delays);
}

/// Fails, before many reminders would take hours, unless a few wait side by side.
fn check_a_few() {
    stage("three reminders of 10 to 30 ms");
    let delays = a_few();
    let seen = remind(delays.clone());
    check_parked(&seen, &delays);
    check_times(&seen, &delays);
}

/// While reminders wait, nothing wakes up to check the clock.
#[test]
fn nobody_watches_the_clock() {
    check_a_few();
    stage("three reminders of about ten seconds, on a clock that skips every wait");
    let delays = [10, 7, 9].map(|seconds| Duration::from_millis(seconds * 1000 + pick(0..=300)));
    let seen = remind(delays.to_vec());
    check_times(&seen, &delays);
    check_rests(&seen, &delays);
}

/// Ten thousand reminders of one second take one second, on one thread.
#[test]
fn ten_thousand_wait_on_one_thread() {
    check_a_few();
    stage("ten thousand reminders of 1 s, on a clock that skips every wait");
    let delays = vec![Duration::from_secs(1); 10_000];
    let seen = remind(delays.clone());
    check_parked(&seen, &delays);
    check_times(&seen, &delays);
}

/// One reminder is enough, no reminder takes no time, and a reminder without a delay rings at once.
#[test]
fn few_and_none() {
    check_a_few();
    for delays in [vec![], vec![0], vec![pick(10..=900)], vec![pick(10..=900), 0]] {
        stage(format!("reminders after {delays:?} ms, on a clock that skips every wait"));
        let delays: Vec<Duration> = delays.into_iter().map(Duration::from_millis).collect();
        let seen = remind(delays.clone());
        assert!(
            seen.bells.len() == delays.len(),
            "`remind` returned when {} of {} had rung, with delays of {delays:?}.",
            seen.bells.len(),
            delays.len()
        );
        check_times(&seen, &delays);
    }
}

/// Reminders that closely follow each other ring at their own times as well.
#[test]
fn close_together() {
    check_a_few();
    stage("a thousand reminders, 0.1 ms apart, on a clock that skips every wait");
    let delays: Vec<Duration> = (1..=1000).map(|n| Duration::from_micros(100) * n).collect();
    let seen = remind(delays.clone());
    let last = seen.bells.last().map_or(Duration::ZERO, |bell| bell.after);
    assert!(
        seen.bells.len() < 1000 || last < Duration::from_millis(200),
        "A thousand reminders, 0.1 ms apart: the last has a delay of 0.1 s and rang after {} s. Each was later than \
         the one before.\n\
         A timer fires at a whole millisecond or later. If you wait from one bell to the next, that adds up; each \
         delay counts from the beginning.",
        seconds(last)
    );
    check_times(&seen, &delays);
}

/// A reminder may wait for a millisecond or for months.
#[test]
fn milliseconds_and_months() {
    check_a_few();
    let watched = [Duration::from_secs(10)];
    check_rests(&remind(watched.to_vec()), &watched);
    stage("reminders of 1 ms and of months, on a clock that skips every wait");
    let day = 24 * 60 * 60 * 1000;
    let delays =
        [pick(100..=200) * day, 1, pick(2..=40), pick(210..=300) * day, pick(400..=900), pick(1..=9) * day]
            .map(Duration::from_millis);
    let seen = remind(delays.to_vec());
    check_times(&seen, &delays);
    check_rests(&seen, &delays);
}

/// Two calls at once do not wait for each other.
#[test]
fn calls_do_not_wait_for_each_other() {
    check_a_few();
    stage("two calls of `remind` at once, on a clock that skips every wait");
    let call = |delay| exercise::remind(vec![delay], |_| {});
    let [slow, quick] = [pick(5_000..=9_000), pick(10..=900)].map(Duration::from_millis);
    if let Err(text) = panic_of(|| vt(side_by_side("`remind`", 16, call(slow), call(quick)))) {
        panic!("{text}");
    }
}
