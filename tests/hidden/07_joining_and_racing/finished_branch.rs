//! Hidden tests of `finished_branch`: how each reading is written down, and when.

use std::cell::RefCell;
use std::time::Duration;

use exercise::{Reading, Server, record};
use testkit::{
    Impatience, Lane, Log, Patience, Timeline, check_eq, handed_on, in_words, panic_of, pick, side_by_side,
    stage, vt,
};
use tokio::sync::mpsc::{Receiver, channel};
use tokio::time::{Instant, sleep};

/// The zero point arrives between two readings, and the readings go on.
#[test]
fn it_goes_on_with_the_zero_point() {
    for before in [pick(2..=4), 1] {
        let weighing = Weighing { fetch: ms(before * 1_000 + 501), ..Weighing::of(before + 10) };
        weighing.check(&weighing.run());
    }
}

/// Any number is a zero point.
#[test]
fn any_zero_point() {
    for zero in [0, -1 - any(500), 1_000_000] {
        let weighing = Weighing { zero, fetch: ms(1_500), ..Weighing::of(4) };
        weighing.check(&weighing.run());
    }
}

/// When the scale's channel is closed, `record` returns, with or without the zero point.
#[test]
fn the_scale_may_be_off_first() {
    for (count, fetch) in [(3, ms(pick(20..=90) * 3_000)), (0, days(30)), (2, days(90))] {
        let weighing = Weighing { fetch, ..Weighing::of(count) };
        weighing.check(&weighing.run());
    }
    // Its channel is closed, and all of its readings are in there.
    let weighing = Weighing { pause: ms(0), open: ms(0), fetch: ms(3_000), ..Weighing::of(7) };
    weighing.check(&weighing.run());
}

/// The zero point is fetched while the scale is quiet, too.
#[test]
fn it_is_fetched_while_the_scale_is_quiet() {
    let weighing = Weighing { pause: ms(pick(20_000..=40_000)), fetch: ms(27_000), ..Weighing::of(3) };
    let fetch = weighing.pause + ms(9_000);
    for weighing in [Weighing { fetch, ..weighing.clone() }, Weighing { fetch: ms(6_000), ..weighing }] {
        weighing.check(&weighing.run());
    }
}

/// There may be no reading at all, one, or hundreds, and months between two of them.
#[test]
fn any_number_and_any_time() {
    let many =
        Weighing { pause: ms(4), fetch: ms(4 * pick(100..=200) + 2), open: ms(9), ..Weighing::of(400) };
    let rare = Weighing { pause: days(pick(20..=30)), fetch: days(45), ..Weighing::of(4) };
    for weighing in [
        Weighing { fetch: ms(30), ..Weighing::of(0) },
        Weighing { fetch: ms(0), ..Weighing::of(1) },
        many,
        rare,
    ] {
        weighing.check(&weighing.run());
    }
}

/// It may be polled by one task, and from then on by another.
#[test]
fn another_task_may_go_on() {
    stage("another task goes on with `record`");
    let weighing = Weighing { fetch: ms(1_500), ..Weighing::of(3) };
    let archive = weighing.archive(&Timeline::new().lane("fetch"));
    let outcome = panic_of(|| {
        vt(async {
            let scale = weighing.open(&Timeline::new().lane("scale"));
            handed_on("`record`", 30, record(&archive, scale, |_| {})).await;
        })
    });
    outcome.unwrap_or_else(|text| panic!("{text}"));
}

/// Two scales are independent of each other.
#[test]
fn two_scales_do_not_wait_for_each_other() {
    stage("`record` has been called twice, for a slow scale and for a quick one");
    let slow = Weighing { pause: days(1), fetch: days(2) + ms(3_000), ..Weighing::of(3) };
    let quick = Weighing { pause: ms(9), fetch: ms(15), ..Weighing::of(3) };
    let written = [(); 2].map(|()| RefCell::new(Vec::new()));
    let outcome = panic_of(|| {
        let archives = [&slow, &quick].map(|weighing| weighing.archive(&Timeline::new().lane("fetch")));
        vt(async {
            let call = |n: usize| {
                let scale = [&slow, &quick][n].open(&Timeline::new().lane("scale"));
                let written = &written[n];
                record(&archives[n], scale, |reading| written.borrow_mut().push(reading))
            };
            side_by_side("`record`", 60, call(0), call(1)).await;
        })
    });
    outcome.unwrap_or_else(|text| panic!("{text}"));
    check_eq!(
        written.map(RefCell::into_inner),
        [&slow, &quick].map(Weighing::due),
        "Two scales were recorded at the same time, and their readings are not what they should be. Each scale has a zero \
         point and readings of its own."
    );
}

/// What a scale sends, and what its server knows.
#[derive(Clone)]
struct Weighing {
    readings: Vec<i64>,
    /// Before each reading.
    pause: Duration,
    /// How long the channel stays open after the last reading.
    open: Duration,
    zero: i64,
    /// How long the zero point takes.
    fetch: Duration,
}

/// What became of it.
struct Seen {
    written: Vec<(Reading, Duration)>,
    /// Fetches that were begun.
    begun: usize,
    outcome: Result<(), Impatience>,
    took: Duration,
    polls: usize,
}

/// Knows a zero point.
struct Archive {
    zero: i64,
    takes: Duration,
    begun: Log,
    lane: Lane,
}

impl Server for Archive {
    fn zero_point(&self) -> impl Future<Output = i64> {
        self.lane.watch(async {
            self.begun.push("a fetch");
            // There and back, with a rest: it gets on only while somebody polls it.
            for _ in 0..3 {
                sleep(self.takes / 3).await;
            }
            self.zero
        })
    }
}

impl Weighing {
    /// So many readings, one a second, and some time before the channel is closed.
    fn of(count: u64) -> Self {
        let base = 1_000 + any(2_000);
        let grams = |n| [base, 0, base + 1, base + 1, base + 2, -3][n as usize % 6];
        let readings = (0..count).map(grams).collect();
        Self {
            readings,
            pause: ms(1_000),
            open: ms(pick(5..=9) * 100 + 50),
            zero: 1 + any(500),
            fetch: ms(30),
        }
    }

    /// When the reading of this number arrives.
    fn arrives(&self, number: usize) -> Duration {
        self.pause * u32::try_from(number + 1).expect("there are not so many readings")
    }

    fn closes(&self) -> Duration {
        self.pause * u32::try_from(self.readings.len()).expect("there are not so many readings") + self.open
    }

    /// What is to be written down.
    fn due(&self) -> Vec<Reading> {
        let reading = |(number, grams): (usize, &i64)| match self.arrives(number) < self.fetch {
            true => Reading::Raw(*grams),
            false => Reading::Corrected(grams - self.zero),
        };
        self.readings.iter().enumerate().map(reading).collect()
    }

    fn archive(&self, lane: &Lane) -> Archive {
        Archive { zero: self.zero, takes: self.fetch, begun: Log::new(), lane: lane.clone() }
    }

    /// Opens the scale's channel on this runtime.
    fn open(&self, lane: &Lane) -> Receiver<i64> {
        let (send, receive) = channel(8);
        let (this, mark) = (self.clone(), lane.clone());
        tokio::spawn(lane.watch(async move {
            for grams in this.readings {
                sleep(this.pause).await;
                if send.send(grams).await.is_err() {
                    return;
                }
                mark.mark("reading");
            }
            sleep(this.open).await;
            mark.mark("off");
        }));
        receive
    }

    fn run(&self) -> Seen {
        let timeline = Timeline::new();
        let [records, fetch, scale] = ["record", "fetch", "scale"].map(|name| timeline.lane(name));
        let (written, archive, patience) = (RefCell::new(Vec::new()), self.archive(&fetch), Patience::new());
        let most = 3 * self.readings.len() + 30;
        stage("the scale is on");
        let outcome = panic_of(|| {
            vt(async {
                let (start, scale) = (Instant::now(), self.open(&scale));
                let write = |reading| written.borrow_mut().push((reading, start.elapsed()));
                patience.watch(most, records.watch(record(&archive, scale, write))).await
            })
        });
        let (written, begun) = (written.into_inner(), archive.begun.len());
        let (outcome, took) = outcome.unwrap_or_else(|text| self.panicked(&text, written.len(), begun));
        Seen { written, begun, outcome, took, polls: patience.polls() }
    }

    fn panicked(&self, text: &str, written: usize, begun: usize) -> ! {
        let (all, zero, fetch) = (self.readings.len(), self.zero, in_words(self.fetch));
        assert!(
            begun > 1 || !text.contains("resumed after completion"),
            "`record` panicked with {written} of {all} readings written. The zero point ({zero} g) was there after {fetch}, and the \
             future that had fetched it was polled again. A future that has returned `Ready` must not be polled any more. \
             ({text})"
        );
        assert!(
            !text.contains("`Option::unwrap()` on a `None`"),
            "`record` panicked with {written} of {all} readings written: {text}. The zero point was there after {fetch}. In every \
             turn, `select!` evaluates the expressions of all branches, also of those that their `if` disables."
        );
        panic!("`record` panicked with {written} of {all} readings written: {text}");
    }

    fn check(&self, seen: &Seen) {
        let (all, written, begun) = (self.readings.len(), seen.written.len(), seen.begun);
        let (closes, fetch) = (in_words(self.closes()), in_words(self.fetch));
        let polls = seen.polls;
        assert!(
            begun <= 1,
            "The zero point was fetched {begun} times, while {written} of {all} readings were written. It is fetched once: a \
             fetch that is begun again starts from nothing every time."
        );
        match seen.outcome {
            Ok(()) => {}
            Err(Impatience::Stuck) => panic!(
                "The scale's channel was closed after {closes}, with {written} of {all} readings written, and `record` still \
                 waits, 400 days later. Nothing is left that could wake it."
            ),
            Err(_) => panic!(
                "`record` was polled {polls} times, for {all} readings and a zero point: it goes round and round. Each of the two \
                 wakes it when it has something, and a channel that is closed is the end."
            ),
        }
        self.check_end(seen);
        let found: Vec<_> = seen.written.iter().map(|(reading, _)| *reading).collect();
        assert!(
            written >= all,
            "`record` has returned, and {written} of {all} readings are written down. Each one counts, whatever its value, and with \
             a zero point or without."
        );
        for (number, (_, at)) in (1..).zip(&seen.written).take(all) {
            let arrives = self.arrives(number - 1);
            let with_it = if at.abs_diff(self.fetch) < GRAIN { ", when the zero point arrived" } else { "" };
            assert!(
                *at < arrives + GRAIN,
                "Reading {number} of {all} arrived after {} and was written down after {}{with_it}. Readings do not wait: each one is \
                 written down when it arrives.",
                in_words(arrives),
                in_words(*at)
            );
        }
        let due = self.due();
        let first = found.iter().zip(&due).position(|(found, due)| found != due);
        let Some(place) = first else {
            check_eq!(found, due, "{written} readings were written down, and the scale has sent {all}.");
            return;
        };
        let (number, grams, at) = (place + 1, self.readings[place], in_words(self.arrives(place)));
        check_eq!(
            found,
            due,
            "Reading {number} of {all} ({grams} g) arrived after {at} and was written as {:?}. The zero point ({} g) was there \
             after {fetch}, so it should be {:?}.",
            found[place],
            self.zero,
            due[place]
        );
    }

    fn check_end(&self, seen: &Seen) {
        let (all, closes, fetch) = (self.readings.len(), in_words(self.closes()), in_words(self.fetch));
        let (took, written) = (in_words(seen.took), seen.written.len());
        let with_it =
            if seen.took.abs_diff(self.fetch) < GRAIN { ", when the zero point arrived" } else { "" };
        assert!(
            seen.took + GRAIN > self.closes(),
            "`record` returned after {took}{with_it}. The scale's channel was open until {closes}, and {} of {all} readings are \
             not written down.",
            all.saturating_sub(written)
        );
        // A reading that had to wait is told first.
        let waited =
            (0..).zip(&seen.written).take(all).any(|(number, (_, at))| *at >= self.arrives(number) + GRAIN);
        assert!(
            waited || seen.took < self.closes() + GRAIN,
            "The scale's channel was closed after {closes}, and `record` returned after {took}{with_it}. (The zero point takes \
             {fetch}.) It returns when the channel is closed, with or without a zero point."
        );
    }
}

/// Tokio's clock counts whole milliseconds and may round up; a fetch does so three times.
const GRAIN: Duration = Duration::from_millis(4);

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

fn days(days: u64) -> Duration {
    Duration::from_secs(24 * 3_600 * days)
}

/// A number from 0 to `most`.
fn any(most: u64) -> i64 {
    i64::try_from(pick(0..=most)).expect("it was picked small enough")
}
