//! Hidden tests of `futurelock`: whether a busy ledger stops anybody, what is booked and reported, and when.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::Poll;
use std::thread::{self, ThreadId};
use std::time::Duration;

use exercise::{Ledger, settle};
use testkit::{
    Call as Ending, Ended, Lane, Timeline, alone, assert_send, counted, handed_on, in_words, pick,
    side_by_side, stage, timed, together, vt,
};
use tokio::sync::Mutex as Line;
use tokio::time::{Instant, sleep, timeout};

/// However long the ledger is busy, the payment is booked and reported, and others are served.
#[test]
fn a_busy_ledger_stops_nobody() {
    for noon in [
        // Another one has the ledger when the patience is over, and the booking is the first in line.
        Noon { busy: millis(pick(3_000..=6_000)), ..Noon::new() },
        // The booking itself has it.
        Noon { booking: Takes::ledger(millis(pick(3_000..=6_000))), ..Noon::new() },
        // It asks for the ledger later, and there is a line.
        Noon {
            busy: millis(pick(4_000..=6_000)),
            booking: Takes { asks: millis(pick(100..=200)), holds: millis(pick(2_000..=3_000)) },
            others: 5,
            ..Noon::new()
        },
    ] {
        let office = Office::new(&noon);
        let called = office.run(&noon);
        office.check_not_cancelled(&noon);
        office.check_others(&noon, called.took);
    }
}

/// Each payment is booked once, and reported once if it is late, however late it is.
#[test]
fn each_is_done_once() {
    for noon in [
        Noon { booking: Takes::time(millis(pick(2_000..=3_000))), ..Noon::new() },
        Noon { busy: millis(pick(3_000..=6_000)), ..Noon::new() },
        Noon { booking: Takes::time(Duration::from_secs(pick(20..=40) * 24 * 3600)), ..Noon::new() },
    ] {
        let office = Office::new(&noon);
        let called = office.run(&noon);
        office.check_not_cancelled(&noon);
        office.check_once(&noon);
        office.check_entry(&noon, called.entry);
    }
}

/// `report_late` is called when the patience is over: not later, and not earlier.
#[test]
fn the_report_comes_at_patience() {
    let later = millis(pick(3_000..=6_000));
    for noon in [
        Noon { booking: Takes::time(later * 20), ..Noon::new() },
        Noon { busy: later, ..Noon::new() },
        Noon { booking: Takes::ledger(later), ..Noon::new() },
        Noon { patience: Duration::ZERO, booking: Takes::time(later), ..Noon::new() },
        Noon {
            patience: millis(1),
            booking: Takes::time(later),
            report: Takes::time(later * 3),
            ..Noon::new()
        },
        Noon { patience: later * 50, booking: Takes::time(later * 99), ..Noon::new() },
    ] {
        let office = Office::new(&noon);
        office.run(&noon);
        office.check_not_cancelled(&noon);
        office.check_once(&noon);
        office.check_report_time(&noon);
    }
}

/// A payment that is booked within the patience is not reported, and `settle` returns when it is booked.
#[test]
fn a_payment_in_time_is_not_reported() {
    let takes = millis(pick(100..=400));
    for (patience, booking, busy) in [
        (takes * 2, Takes::time(takes), Duration::ZERO),
        (takes * 4, Takes::ledger(takes), takes * 2),
        (millis(pick(50..=90)), Takes::time(Duration::ZERO), Duration::ZERO),
        (Duration::MAX, Takes { asks: takes, holds: takes }, takes * 3),
        (Duration::from_secs(u64::MAX), Takes::time(takes), Duration::ZERO),
    ] {
        let noon = Noon { patience, booking, busy, ..Noon::new() };
        let office = Office::new(&noon);
        let called = office.run(&noon);
        office.check_not_cancelled(&noon);
        let reports = office.begun(Kind::Report).len();
        let booked = say(office.begun(Kind::Booking).first().and_then(|call| call.done).unwrap_or_default());
        assert!(
            reports == 0,
            "The payment was booked after {booked}, within the patience of {}, and it was reported {}. Only a late payment is reported.",
            say(patience),
            counted(reports, "time")
        );
        office.check_once(&noon);
        office.check_entry(&noon, called.entry);
        office.check_times(&noon, called.took);
    }
}

/// `settle` returns when both are done, and neither waits for anything but the ledger.
#[test]
fn it_returns_when_both_are_done() {
    let (short, long) = (millis(pick(100..=200)), millis(pick(3_000..=6_000)));
    for noon in [
        Noon { booking: Takes::time(long), report: Takes::time(short), ..Noon::new() },
        Noon { booking: Takes::time(long), report: Takes::time(long * 2), ..Noon::new() },
        Noon { busy: long, ..Noon::new() },
        Noon { busy: long, report: Takes { asks: long * 2, holds: short }, ..Noon::new() },
        Noon { booking: Takes { asks: long, holds: long }, report: Takes::ledger(short), ..Noon::new() },
        Noon { booking: Takes { asks: long, holds: long }, report: Takes::ledger(long * 2), ..Noon::new() },
        Noon { booking: Takes::ledger(long), report: Takes::ledger(Duration::ZERO), ..Noon::new() },
        // Just late.
        Noon {
            patience: short,
            booking: Takes::time(short + millis(9)),
            report: Takes::time(millis(5)),
            ..Noon::new()
        },
    ] {
        let office = Office::new(&noon);
        let called = office.run(&noon);
        office.check_not_cancelled(&noon);
        office.check_once(&noon);
        office.check_times(&noon, called.took);
        office.check_entry(&noon, called.entry);
    }
}

/// A payment, or the number of an entry, may be any number.
#[test]
fn any_payment_and_any_entry() {
    let number = pick(1..=u64::MAX - 1);
    for (payment, returned) in [(0, number), (number, 0), (0, 0), (number, number), (u64::MAX, u64::MAX)] {
        for booking in
            [Takes::time(Duration::ZERO), Takes::ledger(millis(pick(20..=60))), Takes::ledger(millis(2_000))]
        {
            let entry = returned.wrapping_sub(payment);
            let noon = Noon { payment, entry, booking, ..Noon::new() };
            let office = Office::new(&noon);
            let called = office.run(&noon);
            office.check_not_cancelled(&noon);
            office.check_once(&noon);
            office.check_entry(&noon, called.entry);
        }
    }
}

/// A `settle` that is dropped half-way does not keep the ledger from others.
#[test]
fn a_dropped_settle_frees_the_ledger() {
    let (busy, holds) = (millis(pick(2_000..=3_000)), millis(pick(1_000..=1_500)));
    let noons = [
        Noon { busy, booking: Takes::ledger(holds), report: Takes::ledger(holds), ..Noon::new() },
        Noon { booking: Takes::ledger(holds * 3), report: Takes::ledger(holds), ..Noon::new() },
    ];
    for noon in noons {
        // In line, late and in line, with the ledger in hand; and after each poll.
        let times =
            [noon.patience / 2, noon.patience + millis(90), busy + holds / 2, busy + holds + millis(90)];
        for moment in times.map(Moment::After).into_iter().chain((1..=8).map(Moment::Polls)) {
            let office = Office::new(&noon);
            office.drop_at(moment, &noon);
        }
    }
}

/// A `settle` that was never polled has booked nothing, and its patience begins with its first poll.
#[test]
fn what_was_never_polled_has_done_nothing() {
    let noon = Noon { patience: millis(pick(300..=700)), booking: Takes::time(millis(200)), ..Noon::new() };
    let office = Office::new(&noon);
    let entry = vt(async {
        office.start();
        stage("`settle` is called, and polled later");
        let call = office.settle(&noon);
        sleep(noon.patience * 3).await;
        let begun = office.begun(Kind::Booking).len() + office.begun(Kind::Report).len();
        assert!(
            begun == 0,
            "`settle` was called and not polled, and the ledger was called {} all the same. A future does nothing until it is polled.",
            counted(begun, "time")
        );
        call.await
    });
    office.check_once(&noon);
    office.check_entry(&noon, entry.0);
}

/// However long it takes, `settle` waits, and is woken when there is something to do.
#[test]
fn waiting_costs_nothing() {
    let days = Duration::from_secs(pick(10..=20) * 24 * 3600);
    for noon in [
        Noon { booking: Takes::time(days), report: Takes::time(days * 2), ..Noon::new() },
        Noon { busy: days, booking: Takes::ledger(days), ..Noon::new() },
        Noon { patience: days, booking: Takes::time(days * 2), report: Takes::ledger(days), ..Noon::new() },
    ] {
        let office = Office::new(&noon);
        let called = office.run(&noon);
        office.check_not_cancelled(&noon);
        office.check_once(&noon);
        office.check_times(&noon, called.took);
    }

    stage("another task goes on with `settle`");
    let noon = Noon { booking: Takes::time(millis(pick(3_000..=6_000))), ..Noon::new() };
    let office = Office::new(&noon);
    let entry = vt(async {
        office.start();
        handed_on("`settle`", POLLS, office.settle(&noon)).await
    });
    office.check_once(&noon);
    office.check_entry(&noon, entry.0);
}

/// Any number of payments, into one ledger or into several.
#[test]
fn payments_are_independent() {
    stage("a slow ledger and a quick one");
    let slow = Noon { booking: Takes::time(Duration::from_secs(99 * 24 * 3600)), ..Noon::new() };
    let quick = Noon { patience: Duration::from_secs(60), booking: Takes::ledger(millis(5)), ..Noon::new() };
    let [one, other] = [&slow, &quick].map(Office::new);
    vt(async {
        [&one, &other].map(Office::start);
        side_by_side("`settle`", POLLS, one.settle(&slow), other.settle(&quick)).await;
    });
    one.check_once(&slow);

    // All of them are in line at once, and the later ones are late.
    let (count, holds) = (pick(100..=150), millis(10));
    let patience = holds * (count as u32 / 2) + holds / 2;
    let noon = Noon { patience, booking: Takes::ledger(holds), report: Takes::ledger(holds), ..Noon::new() };
    stage(format!("{count} payments at once"));
    let office = Office::new(&noon);
    let calls = vt(async {
        office.start();
        let calls = (0..count).map(|n| settle(Arc::clone(&office.ledger), noon.payment + n, patience));
        together(POLLS, calls.collect::<Vec<_>>()).await
    })
    .0;
    office.check_home();
    for (n, call) in (0..count).zip(calls) {
        if matches!(call.ended, Ended::Stuck) {
            panic!(
                "{count} payments were settled at once. `settle` of number {} never returned. {RULE}",
                n + 1
            );
        }
        let (entry, payment) = (call.returned("`settle`"), noon.payment + n);
        let own = |kind| -> Vec<Call> {
            office.begun(kind).into_iter().filter(|call| call.payment == payment).collect()
        };
        let (bookings, reports) = (own(Kind::Booking), own(Kind::Report));
        let late = holds * (n as u32 + 1) > patience;
        assert!(
            bookings.len() == 1 && reports.len() == usize::from(late),
            "{count} payments were settled at once, with a patience of {}. Number {} was booked {} and reported {}. It is booked once, \
             and reported {}.",
            say(patience),
            n + 1,
            counted(bookings.len(), "time"),
            counted(reports.len(), "time"),
            if late { "once" } else { "never" }
        );
        assert!(
            entry == noon.entry.wrapping_add(payment),
            "{count} payments were settled at once, and `settle` of number {} returned the entry of another one.",
            n + 1
        );
    }
}

/// Tokio's clock counts whole milliseconds and may round up.
const GRAIN: Duration = Duration::from_millis(4);

/// More polls than a payment needs.
const POLLS: usize = 60;

/// Longer than any noon of a test.
const YEAR: Duration = Duration::from_secs(365 * 24 * 3600);

/// What a learner breaks.
const RULE: &str =
    "A future that was polled and is not ready may own something. Keep polling it, or drop it.";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Booking,
    Report,
}

/// How long a call takes: first without the ledger, then with it. Without any time, it needs no ledger.
#[derive(Clone, Copy)]
struct Takes {
    asks: Duration,
    holds: Duration,
}

impl Takes {
    fn time(asks: Duration) -> Self {
        Self { asks, holds: Duration::ZERO }
    }

    fn ledger(holds: Duration) -> Self {
        Self { asks: Duration::ZERO, holds }
    }
}

/// A payment, and what happens at the time.
#[derive(Clone)]
struct Noon {
    payment: u64,
    /// The number of its entry, less the payment.
    entry: u64,
    patience: Duration,
    booking: Takes,
    report: Takes,
    /// How long the ledger is busy from the beginning on.
    busy: Duration,
    /// How many others come while it is.
    others: usize,
}

impl Noon {
    fn new() -> Self {
        Self {
            payment: pick(0..=999),
            entry: pick(0..=u64::MAX),
            patience: millis(pick(300..=700)),
            booking: Takes::ledger(millis(pick(20..=60))),
            report: Takes::ledger(millis(pick(20..=60))),
            busy: Duration::ZERO,
            others: 2,
        }
    }

    /// When others come, after the booking and around the report.
    fn other_comes(&self, n: usize) -> Duration {
        let half = self.patience.min(millis(600)) / 2;
        half + millis(3) + (half + millis(7)) * n as u32
    }

    /// When the booking and the report are due, and when all others are served: the ledger takes one after another, in the order in
    /// which they come.
    fn due(&self) -> Due {
        // (comes, holds, who), in the order in which they come; the backup is the first.
        let mut line: Vec<(Duration, Duration, usize)> =
            (0..self.others).map(|n| (self.other_comes(n), OTHER, n + 2)).collect();
        line.push((self.booking.asks, self.booking.holds, 0));
        let serve = |line: &[(Duration, Duration, usize)]| {
            let mut line = line.to_vec();
            line.sort_by_key(|(comes, ..)| *comes);
            let (mut free, mut done) = (self.busy, vec![Duration::ZERO; self.others + 2]);
            for (comes, holds, who) in line {
                if holds.is_zero() {
                    done[who] = comes;
                    continue;
                }
                free = free.max(comes) + holds;
                done[who] = free;
            }
            done
        };
        let booked = serve(&line)[0];
        let late = booked > self.patience;
        if late {
            line.push((self.patience.saturating_add(self.report.asks), self.report.holds, 1));
        }
        let done = serve(&line);
        Due {
            booked: done[0],
            reported: late.then_some(done[1]),
            all: done.into_iter().max().unwrap_or_default(),
        }
    }
}

struct Due {
    booked: Duration,
    reported: Option<Duration>,
    all: Duration,
}

/// How long others need the ledger.
const OTHER: Duration = Duration::from_millis(17);

/// When `settle` is dropped.
#[derive(Clone, Copy)]
enum Moment {
    After(Duration),
    Polls(usize),
}

/// What `settle` returned.
struct Called {
    entry: u64,
    took: Duration,
}

/// A ledger, and what was seen of it.
struct Office {
    ledger: Arc<Busy>,
    lane: Lane,
    timeline: Timeline,
}

struct Busy {
    /// The first in line is served first.
    line: Arc<Line<()>>,
    noon: Noon,
    seen: Arc<Mutex<Seen>>,
    lanes: [Lane; 2],
    home: ThreadId,
}

#[derive(Default)]
struct Seen {
    start: Option<Instant>,
    calls: Vec<Call>,
    /// When others were served.
    served: Vec<Duration>,
    elsewhere: bool,
}

/// One call of the ledger.
#[derive(Clone)]
struct Call {
    kind: Kind,
    payment: u64,
    begun: Option<Duration>,
    /// When it got the ledger.
    holds: Option<Duration>,
    done: Option<Duration>,
    dropped: Option<Duration>,
}

impl Office {
    fn new(noon: &Noon) -> Self {
        let timeline = Timeline::new();
        let lane = timeline.lane("settle");
        let lanes = ["booking", "report"].map(|name| timeline.lane(name));
        let home = thread::current().id();
        let (line, seen) = (Arc::new(Line::new(())), Arc::default());
        Self { ledger: Arc::new(Busy { line, noon: noon.clone(), seen, lanes, home }), lane, timeline }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        lock(&self.ledger.seen)
    }

    /// Noon begins: the ledger is busy from now on.
    fn start(&self) {
        self.seen().start = Some(Instant::now());
        let busy = self.ledger.noon.busy;
        if !busy.is_zero() {
            let guard = Arc::clone(&self.ledger.line).try_lock_owned().expect("nobody has it yet");
            let backup = self.timeline.lane("backup");
            backup.mark("has the ledger");
            tokio::spawn(async move {
                sleep(busy).await;
                backup.mark("is done");
                drop(guard);
            });
        }
    }

    fn settle(&self, noon: &Noon) -> impl Future<Output = u64> + Send + 'static + use<> {
        let settle = settle(Arc::clone(&self.ledger), noon.payment, noon.patience);
        assert_send(&settle);
        self.lane.watch(settle)
    }

    /// Somebody else who needs the ledger, after this time.
    fn other(&self, comes: Duration) -> impl Future<Output = ()> + Send + 'static + use<> {
        let (line, seen) = (Arc::clone(&self.ledger.line), Arc::clone(&self.ledger.seen));
        async move {
            sleep(comes).await;
            let guard = line.lock().await;
            sleep(OTHER).await;
            drop(guard);
            let mut seen = lock(&seen);
            let now = seen.now();
            seen.served.push(now);
        }
    }

    /// Awaits `settle` to its end, and lets the others come.
    fn run(&self, noon: &Noon) -> Called {
        stage(format!("`settle` has been called, with a patience of {}", say(noon.patience)));
        let called = vt(async {
            self.start();
            for n in 0..noon.others {
                tokio::spawn(self.other(noon.other_comes(n)));
            }
            let called = timed("`settle`", POLLS, self.settle(noon)).await?;
            // Whatever was begun and not awaited comes to its end here.
            sleep(YEAR.saturating_sub(called.took)).await;
            Ok(Called { entry: called.output, took: called.took })
        })
        .0;
        self.check_home();
        called.unwrap_or_else(|text: String| {
            if text.contains("had not returned") {
                self.stuck(noon);
            }
            panic!("{text}")
        })
    }

    /// It never returned.
    fn stuck(&self, noon: &Noon) -> ! {
        let (bookings, reports) = (self.begun(Kind::Booking), self.begun(Kind::Report));
        let booking = bookings.iter().find(|call| call.done.is_none());
        let Some((woken, booking)) = self.forgotten("booking").zip(booking) else {
            let done = |calls: &[Call]| calls.iter().filter(|call| call.done.is_some()).count();
            panic!(
                "`settle` never returned, with {} and {} done. It waits, and nothing is left that could wake it.",
                counted(done(&bookings), "booking"),
                counted(done(&reports), "report")
            )
        };
        let owns = match booking.holds {
            Some(since) => format!("It has had the ledger since {}.", say(since)),
            None if woken <= noon.booking.asks + GRAIN => "It was going to ask for the ledger.".to_owned(),
            None => "The ledger was free then, and the booking was the first in line for it.".to_owned(),
        };
        let waits = reports.iter().find(|call| call.done.is_none()).map_or(String::new(), |call| {
            format!(
                " `report_late`, which `settle` has polled since {}, waits for the ledger.",
                say(call.begun.unwrap_or_default())
            )
        });
        panic!(
            "`settle` never returned: the booking was woken after {}, and nobody has polled it since. {owns}{waits} {RULE}",
            say(woken)
        )
    }

    /// When the future in this lane was woken for the last time, if it was not polled after that.
    fn forgotten(&self, lane: &str) -> Option<Duration> {
        let mut woken = None;
        for (event, at) in self.timeline.timed() {
            match event.strip_prefix(lane).map(str::trim) {
                Some("wake") => woken = woken.or(Some(at)),
                Some("poll") => woken = None,
                _ => {}
            }
        }
        woken
    }

    fn begun(&self, kind: Kind) -> Vec<Call> {
        let calls = self.seen().calls.clone();
        calls.into_iter().filter(|call| call.kind == kind && call.begun.is_some()).collect()
    }

    fn check_home(&self) {
        assert!(
            !self.seen().elsewhere,
            "The ledger was called on another thread than the runtime's. Start no threads and no other runtime: tasks share the thread."
        );
    }

    /// Checks that what was begun was not dropped before it was done.
    fn check_not_cancelled(&self, noon: &Noon) {
        for (kind, name) in [(Kind::Booking, "booking"), (Kind::Report, "report")] {
            let calls = self.begun(kind);
            let cancelled = calls.iter().find(|call| call.done.is_none() && call.dropped.is_some());
            let Some(call) = cancelled else { continue };
            let at = say(call.dropped.unwrap_or_default());
            let again = if calls.len() > 1 { format!(" Then another {name} began.") } else { String::new() };
            let why = match kind {
                Kind::Booking => {
                    "Nobody can tell now whether the payment was booked: a booking that has begun runs to its end."
                }
                Kind::Report => "It was late, and nobody hears of it: the report runs to its end as well.",
            };
            panic!(
                "The patience was {}. The {name} of payment {} began after {}, and it was cancelled after {at}.{again} {why}",
                say(noon.patience),
                call.payment,
                say(call.begun.unwrap_or_default())
            );
        }
    }

    /// Checks that the payment was booked once, and reported once if it was late.
    fn check_once(&self, noon: &Noon) {
        self.check_home();
        let due = noon.due();
        let (bookings, reports) = (self.begun(Kind::Booking), self.begun(Kind::Report));
        assert!(
            bookings.len() == 1,
            "`book` was called {}. A payment is booked once.",
            counted(bookings.len(), "time")
        );
        let expected = usize::from(due.reported.is_some());
        assert!(
            reports.len() == expected,
            "The patience was {}, and the payment was booked after {}. `report_late` was called {}. A payment that is late is reported \
             once, and no other one is.",
            say(noon.patience),
            say(bookings[0].done.unwrap_or_default()),
            counted(reports.len(), "time")
        );
        let other = bookings.iter().chain(&reports).find(|call| call.payment != noon.payment);
        assert!(other.is_none(), "The payment was {}, and another one was booked or reported.", noon.payment);
    }

    fn check_entry(&self, noon: &Noon, entry: u64) {
        let due = noon.entry.wrapping_add(noon.payment);
        assert!(
            entry == due,
            "The ledger booked the payment as entry {due}, and `settle` returned {entry}. It returns the number of the entry."
        );
    }

    fn check_report_time(&self, noon: &Noon) {
        let Some(begun) = self.begun(Kind::Report).first().and_then(|call| call.begun) else { return };
        assert!(
            begun <= noon.patience.saturating_add(GRAIN) && begun + GRAIN >= noon.patience,
            "The patience was {}, and `report_late` was called after {}. It is called at the moment when the patience is over, also if \
             the report has to wait in line then.",
            say(noon.patience),
            say(begun)
        );
    }

    /// Checks when the payment was booked and reported, and when `settle` returned.
    fn check_times(&self, noon: &Noon, took: Duration) {
        self.check_report_time(noon);
        let due = noon.due();
        for (kind, name, due) in
            [(Kind::Booking, "booking", Some(due.booked)), (Kind::Report, "report", due.reported)]
        {
            let (Some(due), Some(done)) = (due, self.begun(kind).first().and_then(|call| call.done)) else {
                continue;
            };
            assert!(
                done <= due + GRAIN,
                "The {name} was done after {}, and it could have been done after {}. In between, it could go on and was not polled, or \
                 it waited for something else than the ledger.",
                say(done),
                say(due)
            );
            assert!(
                took + GRAIN >= done,
                "`settle` returned after {}, and the {name} was done after {} only. It returns when both are done.",
                say(took),
                say(done)
            );
        }
        let last = due.booked.max(due.reported.unwrap_or_default());
        assert!(
            took <= last + GRAIN,
            "Everything was done after {}, and `settle` returned after {}. It returns at once.",
            say(last),
            say(took)
        );
    }

    /// Checks that those who came while `settle` waited were served in time.
    fn check_others(&self, noon: &Noon, took: Duration) {
        let (served, due) = (self.seen().served.clone(), noon.due().all);
        let last = served.iter().max().copied().unwrap_or_default();
        assert!(
            served.len() == noon.others && last <= due + GRAIN,
            "`settle` returned after {}. Of {} others who needed the ledger, {} were served, the last one after {}. All of them could \
             have been served after {}.",
            say(took),
            noon.others,
            served.len(),
            say(last),
            say(due)
        );
    }

    /// Drops `settle` at that moment, and checks that somebody else is served.
    fn drop_at(&self, moment: Moment, noon: &Noon) {
        let (said, next) = vt(async {
            self.start();
            let start = Instant::now();
            let call = async {
                let called = timed("`settle`", POLLS, self.settle(noon)).await;
                if called.as_ref().is_err_and(|text| text.contains("had not returned")) {
                    self.stuck(noon);
                }
                called.unwrap_or_else(|text| panic!("{text}"));
            };
            match moment {
                Moment::After(time) => {
                    let _ = timeout(time, call).await;
                }
                Moment::Polls(most) => {
                    let (mut call, mut polls) = (pin!(call), 0);
                    poll_fn(|context| {
                        polls += 1;
                        let polled = call.as_mut().poll(context);
                        if polled.is_pending() && polls < most { Poll::Pending } else { Poll::Ready(()) }
                    })
                    .await;
                }
            }
            let said = format!("`settle` was dropped after {}", say(start.elapsed()));
            stage(format!("{said}, and somebody else needs the ledger"));
            let next: Ending<()> = alone(POLLS, self.other(Duration::ZERO)).await;
            (said, next)
        })
        .0;
        self.check_home();
        let held = self.begun(Kind::Booking).iter().any(|call| call.done.is_none() && call.dropped.is_none());
        let held = if held { " Its booking has neither been dropped nor come to its end." } else { "" };
        assert!(
            matches!(next.ended, Ended::Returned(())),
            "{said}, and from then on the ledger served nobody.{held} {RULE}"
        );
        let most = noon.busy + noon.booking.holds + noon.report.holds + OTHER;
        assert!(
            next.after <= most + GRAIN,
            "{said}. Somebody else needed the ledger then, and was served {} later. Even if everything had been booked and reported \
             before, it would have been {}.",
            say(next.after),
            say(most)
        );
    }
}

impl Seen {
    fn now(&self) -> Duration {
        self.start.map_or(Duration::ZERO, |start| start.elapsed())
    }
}

impl Busy {
    fn call<T: Send + 'static>(
        &self,
        kind: Kind,
        payment: u64,
        output: T,
    ) -> impl Future<Output = T> + Send + 'static + use<T> {
        let number = {
            let mut seen = lock(&self.seen);
            let (begun, holds, done, dropped) = (None, None, None, None);
            seen.calls.push(Call { kind, payment, begun, holds, done, dropped });
            seen.calls.len() - 1
        };
        let noted = Noted { seen: Arc::clone(&self.seen), number };
        let takes = if kind == Kind::Booking { self.noon.booking } else { self.noon.report };
        let (line, home) = (Arc::clone(&self.line), self.home);
        self.lanes[kind as usize].watch(async move {
            let noted = noted;
            noted.note(|call, now| call.begun = Some(now));
            if thread::current().id() != home {
                lock(&noted.seen).elsewhere = true;
            } else {
                if !takes.asks.is_zero() {
                    sleep(takes.asks).await;
                }
                if !takes.holds.is_zero() {
                    let _guard = line.lock().await;
                    noted.note(|call, now| call.holds = Some(now));
                    // Twice, so that it has to be polled in between.
                    sleep(takes.holds / 2).await;
                    sleep(takes.holds - takes.holds / 2).await;
                }
            }
            noted.note(|call, now| call.done = Some(now));
            output
        })
    }
}

impl Ledger for Busy {
    fn book(&self, payment: u64) -> impl Future<Output = u64> + Send {
        self.call(Kind::Booking, payment, self.noon.entry.wrapping_add(payment))
    }

    fn report_late(&self, payment: u64) -> impl Future<Output = ()> + Send {
        self.call(Kind::Report, payment, ())
    }
}

/// Notes how a call goes, and its drop.
struct Noted {
    seen: Arc<Mutex<Seen>>,
    number: usize,
}

impl Noted {
    fn note(&self, note: impl FnOnce(&mut Call, Duration)) {
        let mut seen = lock(&self.seen);
        let now = seen.now();
        note(&mut seen.calls[self.number], now);
    }
}

impl Drop for Noted {
    fn drop(&mut self) {
        self.note(|call, now| call.dropped = Some(now));
    }
}

fn lock(seen: &Mutex<Seen>) -> MutexGuard<'_, Seen> {
    seen.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// Exact to the millisecond, where that may matter.
fn say(time: Duration) -> String {
    if time < Duration::from_secs(1_000) { format!("{} ms", time.as_millis()) } else { in_words(time) }
}

fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}
