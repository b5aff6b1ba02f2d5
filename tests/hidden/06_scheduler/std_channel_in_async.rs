//! Hidden tests of `std_channel_in_async`: whether the gauges' tasks run, what `watch` does while they do not, and whether
//! every reading arrives.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, ThreadId};
use std::time::Duration;

use exercise::{Gauge, watch};
use testkit::{Gate, Sleeper, check_eq, long_wait, panic_of, pick, stage, stalled, vt};
use tokio::select;
use tokio::task::yield_now;

/// Polls of a `watch` that waits: those after the last event, and some to spare.
const FEW: usize = 10;
/// More readings at once than any channel has room for that one would think of.
const BURST: usize = 12_000;

/// Every reading is recorded as it comes: the next gauge is ready only then.
#[test]
fn readings_are_recorded_as_they_come() {
    // Two gauges in turns; and many, of which the last one is ready first.
    let in_turns: Vec<usize> = (0..200).map(|n| n % 2).collect();
    let backwards: Vec<usize> = (0..300).rev().collect();
    for owners in [in_turns, backwards] {
        let relay = Relay::new(owners);
        stage(
            "the first reading is there, and each of the others comes when the one before it has been recorded",
        );
        let (counting, stuck) = (relay.clone(), relay.clone());
        let seen = run_to_the_end(relay.gauges(), move |count| counting.go_on(count), move || stuck.let_go());
        let (count, all) = (seen.recorded.len(), relay.expected.len());
        let stuck = *relay.stuck.lock().unwrap();
        if let Some(stuck) = stuck {
            relay.explain(stuck, count);
        }
        check_all(&seen, all);
        check_eq!(seen.recorded, *relay.expected, "What the gauges read is not what was recorded.");
        assert!(
            seen.took < Duration::from_millis(1),
            "{count} readings came one after another without a pause, but recording them took {} ms. Record each one \
             as it comes.",
            seen.took.as_millis()
        );
        check_end(&seen);
        assert!(
            !relay.elsewhere.load(Ordering::SeqCst),
            "A gauge was read on a thread that is not the runtime's. Read each gauge in a separate task; tasks are \
             cheap, and share the thread."
        );
    }
}

/// While no gauge has a reading, `watch` sleeps: before the first one, between two, and when one gauge is off.
#[test]
fn silence_costs_nothing() {
    check_thread();
    // Each of two gauges has one reading, and is switched off later.
    let gates: Vec<Gate> = WHEN.iter().map(|_| Gate::new()).collect();
    let base = pick(0..=u64::from(u32::MAX)) as u32;
    let gauges: Vec<Silent> = gates
        .chunks(2)
        .zip([base, base ^ 1])
        .map(|(gates, reading)| Silent { gates: gates.to_vec().into_iter(), reading: Some(reading) })
        .collect();
    let recorded = Arc::new(Mutex::new(Vec::new()));
    let count = || recorded.lock().unwrap().len();
    let watching = watch(gauges, |reading| recorded.lock().unwrap().push(reading));
    stage("the gauges are silent, and the channel is empty");
    let outcome = panic_of(|| {
        vt(async {
            let mut watching = Sleeper::new(watching);
            let mut silences = Vec::new();
            for (phase, gate) in gates.iter().enumerate() {
                watching.turn();
                watching.change_task();
                silences.push(long_wait(|| watching.turn()).await);
                gate.open();
                // A reading may come by way of another thread.
                watching.until(|| count() > phase / 2).await;
                for _ in 0..FEW {
                    yield_now().await;
                    watching.turn();
                }
            }
            (watching.until(|| false).await, silences, watching.former_wakes() > 0)
        })
    });
    let ((done, silences, former_waker), took) = outcome.unwrap_or_else(|text| panicked(&text));
    for (waited, when) in silences.iter().zip(WHEN) {
        assert!(
            !waited.over,
            "`watch` was done {when}. An empty channel is not the end: as long as a gauge is not off, a reading may come."
        );
        assert!(
            waited.spins <= FEW,
            "`watch` was polled {} times {when}, and no time had passed. A task that keeps asking is always ready, \
             and burns a core. A channel can wake the task that waits for it.",
            waited.spins
        );
        assert!(
            waited.naps <= FEW,
            "`watch` woke up {} times to check {when}. However short its sleeps are, a reading has to wait for the \
             end of one. A channel can wake the task that waits for it.",
            waited.naps
        );
    }
    let seen = Seen { recorded: recorded.lock().unwrap().clone(), done, took };
    assert!(
        done || !former_waker,
        "Something happened, but `watch` was woken through the waker of an earlier poll. Another task has polled it \
         since then: the waker of the newest poll counts."
    );
    check_all(&seen, 2);
    check_eq!(seen.recorded, [base, base ^ 1], "What the gauges read is not what was recorded.");
    check_end(&seen);
}

/// The times at which the gauges of that test are silent.
const WHEN: [&str; 4] = [
    "while no gauge had a reading yet",
    "while the gauges were silent after the first reading",
    "while one gauge was off and the other one was silent",
    "while one gauge was off and the other one was silent after its reading",
];

/// No reading is lost, however many come at once, and whatever the number is: 0, the largest one, the same one again.
#[test]
fn every_reading_is_recorded() {
    check_thread();
    let base = pick(0..=u64::from(u32::MAX)) as u32;
    let many: Vec<u32> = (0..BURST as u32).map(|n| base.wrapping_add(n)).collect();
    let odd = vec![0, 0, u32::MAX, u32::MAX, 7, 7, 7, u32::MAX, 0];
    for readings in [odd, many] {
        let all = readings.len();
        stage(format!("a gauge has {all} readings at once"));
        let seen = run(vec![Burst(readings.clone().into_iter())], |_| {});
        let count = seen.recorded.len();
        let which = if all < 20 {
            format!(" It read {readings:?}, but {:?} was recorded.", seen.recorded)
        } else {
            String::new()
        };
        assert!(
            count >= all || !seen.done,
            "A gauge had {all} readings at once, but `watch` was done when {count} of them had been recorded: {} are \
             lost.{which}",
            all - count
        );
        assert!(
            count >= all,
            "A gauge had {all} readings at once. {count} of them were recorded, and then no more came.{which}"
        );
        check_eq!(
            seen.recorded,
            readings,
            "The readings of a gauge have to be recorded once each, in their order."
        );
        check_end(&seen);
        assert!(
            seen.took < Duration::from_millis(1),
            "A gauge had {all} readings at once, but recording them took {} ms. If you await room in the channel, \
             you are woken when there is some.",
            seen.took.as_millis()
        );
    }
    stage("a gauge has readings, and `watch` does not run for a month");
    let recorded = Arc::new(Mutex::new(Vec::new()));
    let outcome = panic_of(|| {
        vt(async {
            let gauge = Burst((0..1_000).collect::<Vec<_>>().into_iter());
            let mut watching =
                Sleeper::new(watch(vec![gauge], |reading| recorded.lock().unwrap().push(reading)));
            watching.turn();
            long_wait(|| (0, false)).await;
            watching.until(|| false).await;
        })
    });
    outcome.unwrap_or_else(|text| panicked(&text));
    let count = recorded.lock().unwrap().len();
    assert!(
        count == 1_000,
        "A gauge had 1000 readings at once, and `watch` could not record them for a month: {} were lost. However \
         long it takes, no reading may get lost.",
        1_000 - count
    );
    stage("three gauges have the same readings");
    let same = [[7, 0], [7, 0], [7, 0]].map(|readings| Burst(readings.to_vec().into_iter()));
    let seen = run(same.into(), |_| {});
    check_all(&seen, 6);
    let mut sorted = seen.recorded.clone();
    sorted.sort_unstable();
    check_eq!(
        sorted,
        [0, 0, 0, 7, 7, 7],
        "Three gauges have read 7 and 0 each, but something else was recorded."
    );
    check_end(&seen);
}

/// `watch` is done when the last gauge is off, and not before: even without a gauge, and even if one panics.
#[test]
fn the_last_gauge_ends_it() {
    check_thread();
    stage("there is no gauge");
    let none = run(Vec::<Slow>::new(), |_| {});
    assert!(
        none.done,
        "There were no gauges, but `watch` still waits. It is done when no gauge is left."
    );
    stage("three gauges of 0, 1 and 50 readings");
    let seen = run([0, 1, 50].map(|count| Slow { left: count, panics: false }).into(), |_| {});
    check_all(&seen, 51);
    check_end(&seen);
    stage("four gauges, of which two panic");
    let gauges = [(0, true), (40, false), (3, true), (0, false)].map(|(left, panics)| Slow { left, panics });
    let seen = match panic_of(|| run(gauges.into(), |_| {})) {
        Ok(seen) => seen,
        Err(text) if text.contains(BROKEN) => panic!(
            "A gauge panicked, and `watch` panicked with it. A gauge that panics is off, and the others go on.\n{text}"
        ),
        Err(text) => panic!("{text}"),
    };
    let count = seen.recorded.len();
    assert!(
        count >= 43 || !seen.done,
        "Two of four gauges panicked, and `watch` was done when {count} of 43 readings had been recorded. But the \
         other gauges were not off."
    );
    assert!(
        count >= 43,
        "Two of four gauges panicked. {count} of 43 readings were recorded, and then no more came. A gauge that panics is \
         off, and the others go on."
    );
    check_all(&seen, 43);
    assert!(
        seen.done,
        "Two gauges panicked, and the others were switched off, but `watch` still waits. A gauge that panics is off, \
         too."
    );
}

/// Two stations at the same time do not wait for each other.
#[test]
fn each_station_is_watched_alone() {
    check_thread();
    let off = Gate::new();
    let recorded = Mutex::new(Vec::new());
    let outcome = panic_of(|| {
        vt(async {
            let silent = Silent { gates: vec![off.clone()].into_iter(), reading: None };
            let mut one = Sleeper::new(watch(vec![silent], |_| {}));
            one.turn();
            let gauge = Slow { left: 3, panics: false };
            let mut other =
                Sleeper::new(watch(vec![gauge], |reading| recorded.lock().unwrap().push(reading)));
            let alone = other.until(|| false).await;
            off.open();
            (alone, one.until(|| false).await)
        })
    });
    let ((alone, one), _) = outcome.unwrap_or_else(|text| panicked(&text));
    let count = recorded.lock().unwrap().len();
    assert!(
        alone && count == 3,
        "One of two stations was silent. At the other one, {count} of 3 readings were recorded, and then it waited, \
         too. Watch each station independently."
    );
    assert!(
        one,
        "The gauge of a station is off, but `watch` still waits, because there was another station at the same time."
    );
}

/// What a run of `watch` came to.
struct Seen {
    recorded: Vec<u32>,
    /// It has returned; otherwise it still waits, and nothing goes on any more.
    done: bool,
    /// By the runtime's clock.
    took: Duration,
}

/// Watches gauges on one thread. `then` is called after each reading, with their count.
fn run<G: Gauge>(gauges: Vec<G>, then: impl Fn(usize)) -> Seen {
    run_to_the_end(gauges, then, || {})
}

/// As [`run`]. When nothing goes on, it calls `help`, and waits once more.
fn run_to_the_end<G: Gauge>(gauges: Vec<G>, then: impl Fn(usize), help: impl Fn() + Send + 'static) -> Seen {
    let recorded = Arc::new(Mutex::new(Vec::new()));
    let outcome = panic_of(|| {
        vt(async {
            let (count, nothing) = (recorded.clone(), Gate::new());
            let given_up = nothing.clone();
            // In a task of its own, so that it does not get `watch` polled.
            tokio::spawn(async move {
                stalled(|| count.lock().unwrap().len()).await;
                help();
                stalled(|| count.lock().unwrap().len()).await;
                given_up.open();
            });
            let record = |reading| {
                let count = {
                    let mut recorded = recorded.lock().unwrap();
                    recorded.push(reading);
                    recorded.len()
                };
                then(count);
            };
            select! {
                biased;
                () = watch(gauges, record) => true,
                () = nothing.wait() => false,
            }
        })
    });
    let (done, took) = outcome.unwrap_or_else(|text| panicked(&text));
    let recorded = recorded.lock().unwrap().clone();
    Seen { recorded, done, took }
}

fn panicked(text: &str) -> ! {
    if text.starts_with("Your code") {
        panic!("{text}");
    }
    panic!("`watch` panicked: {text}");
}

/// A `watch` that blocks the thread hangs, which one test is enough to show; the others end here.
fn check_thread() {
    let over = Gate::new();
    let watching = over.clone();
    thread::spawn(move || {
        let gauge = Slow { left: 1, panics: false };
        let _ = panic_of(|| run(vec![gauge], |_| {}));
        watching.open();
    });
    testkit::rt(async {
        select! {
            () = over.wait() => {}
            () = async {
                // Longer than `run` waits.
                for _ in 0..4 {
                    stalled(|| 0).await;
                }
            } => {}
        }
    });
    assert!(
        over.is_open(),
        "`watch` has a single gauge with one reading, and keeps the thread forever: nothing else can run on it."
    );
}

fn check_all(seen: &Seen, all: usize) {
    let count = seen.recorded.len();
    assert!(
        count >= all || !seen.done,
        "`watch` was done when {count} of {all} readings had been recorded. It is done when all gauges are off and \
         everything that they have read is recorded."
    );
    assert!(count >= all, "{count} of {all} readings were recorded, and then no more came.");
    assert!(count == all, "The gauges had {all} readings, but {count} were recorded.");
}

fn check_end(seen: &Seen) {
    assert!(
        seen.done,
        "All gauges are off, but `watch` still waits. A channel ends when every sender has been dropped; here one is \
         left."
    );
}

/// Readings of several gauges, each of which comes when the one before it has been recorded.
#[derive(Clone)]
struct Relay {
    /// Which gauge has the reading.
    owners: Arc<Vec<usize>>,
    expected: Arc<Vec<u32>>,
    gates: Arc<Vec<Gate>>,
    /// Readings that their gauge was asked for, and those that it has handed out.
    asked: Arc<Mutex<Vec<bool>>>,
    handed_out: Arc<Mutex<Vec<bool>>>,
    recorded: Arc<Mutex<usize>>,
    home: ThreadId,
    /// A gauge was read on another thread.
    elsewhere: Arc<AtomicBool>,
    /// How many were recorded when nothing went on any more, and what was known of the next one.
    stuck: Arc<Mutex<Option<Stuck>>>,
}

/// Why nothing goes on.
#[derive(Clone, Copy)]
struct Stuck {
    next: usize,
    asked: bool,
    handed_out: bool,
}

impl Relay {
    fn new(owners: Vec<usize>) -> Self {
        let count = owners.len();
        let base = pick(0..=u64::from(u32::MAX)) as u32;
        let relay = Self {
            owners: Arc::new(owners),
            expected: Arc::new((0..count as u32).map(|n| base.wrapping_add(n)).collect()),
            gates: Arc::new((0..count).map(|_| Gate::new()).collect()),
            asked: Arc::new(Mutex::new(vec![false; count])),
            handed_out: Arc::new(Mutex::new(vec![false; count])),
            recorded: Arc::default(),
            home: thread::current().id(),
            elsewhere: Arc::default(),
            stuck: Arc::default(),
        };
        relay.go_on(0);
        relay
    }

    fn gauges(&self) -> Vec<Turns> {
        let count = self.owners.iter().max().map_or(0, |last| last + 1);
        let gauge = |gauge| {
            let turns: Vec<usize> =
                (0..self.owners.len()).filter(|turn| self.owners[*turn] == gauge).collect();
            Turns { turns: turns.into_iter(), relay: self.clone() }
        };
        (0..count).map(gauge).collect()
    }

    fn go_on(&self, count: usize) {
        *self.recorded.lock().unwrap() = count;
        if let Some(gate) = self.gates.get(count) {
            gate.open();
        }
    }

    /// Nothing goes on. Takes a note of where, and lets all gauges have their readings at once.
    fn let_go(&self) {
        let next = *self.recorded.lock().unwrap();
        if next < self.expected.len() {
            let (asked, handed_out) =
                (self.asked.lock().unwrap()[next], self.handed_out.lock().unwrap()[next]);
            *self.stuck.lock().unwrap() = Some(Stuck { next, asked, handed_out });
            self.gates.iter().for_each(Gate::open);
        }
    }

    /// Why a reading was not recorded; `in_the_end` is the count of those that were.
    fn explain(&self, stuck: Stuck, in_the_end: usize) -> ! {
        let (gauge, nth) = (self.owners[stuck.next] + 1, stuck.next + 1);
        assert!(
            stuck.asked,
            "Gauge {gauge} had a reading, but it was not asked: the gauges that were asked had none yet. Each gauge \
             has to be read in a separate task."
        );
        assert!(
            stuck.handed_out,
            "Gauge {gauge} has reading {nth}, but the task that asked for it is not polled any more."
        );
        assert!(
            in_the_end <= stuck.next,
            "Gauge {gauge} returned reading {nth}, but it was recorded only later, after all the others had been \
             returned, too. Record each reading as it comes."
        );
        panic!(
            "Gauge {gauge} returned reading {nth}, but it never arrived. (In Tokio's bounded channel, `send` returns \
             a future, too.)"
        );
    }
}

/// A gauge of a relay.
struct Turns {
    turns: std::vec::IntoIter<usize>,
    relay: Relay,
}

impl Gauge for Turns {
    async fn read(&mut self) -> Option<u32> {
        if thread::current().id() != self.relay.home {
            self.relay.elsewhere.store(true, Ordering::SeqCst);
        }
        let turn = self.turns.next()?;
        self.relay.asked.lock().unwrap()[turn] = true;
        self.relay.gates[turn].wait().await;
        self.relay.handed_out.lock().unwrap()[turn] = true;
        Some(self.relay.expected[turn])
    }
}

/// Has one reading, behind a gate, and is switched off behind another.
struct Silent {
    gates: std::vec::IntoIter<Gate>,
    reading: Option<u32>,
}

impl Gauge for Silent {
    async fn read(&mut self) -> Option<u32> {
        self.gates.next()?.wait().await;
        self.reading.take()
    }
}

/// Needs some rounds for each reading, and may panic in the end.
struct Slow {
    left: u32,
    panics: bool,
}

/// What a broken gauge says.
const BROKEN: &str = "the gauge is broken";

impl Gauge for Slow {
    async fn read(&mut self) -> Option<u32> {
        for _ in 0..5 {
            yield_now().await;
        }
        let left = self.left.checked_sub(1);
        if left.is_none() && self.panics {
            resume_unwind(Box::new(BROKEN));
        }
        self.left = left?;
        left
    }
}

/// Has all of its readings at once.
struct Burst(std::vec::IntoIter<u32>);

impl Gauge for Burst {
    async fn read(&mut self) -> Option<u32> {
        self.0.next()
    }
}
