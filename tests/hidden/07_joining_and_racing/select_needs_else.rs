//! Hidden tests of `select_needs_else`: what is booked when, and when the journal ends.

use std::cell::RefCell;
use std::time::Duration;

use exercise::{Entry, keep_journal};
use testkit::{
    Impatience, Lane, Log, Patience, Timeline, check_eq, handed_on, in_words, panic_of, pick, side_by_side,
    stage, vt,
};
use tokio::sync::mpsc::{Receiver, channel};
use tokio::time::{Instant, sleep};

/// The journal ends when both tills have closed, whichever of them is the first.
#[test]
fn the_journal_ends_with_both_tills() {
    let (early, late) = (pick(1..=3), pick(5..=7));
    for (sales, refunds) in [(late, early), (early, late), (early, early)] {
        let till = |count, pause| Till { amounts: amounts(count), pause, open: ms(pick(200..=400)) };
        let day = Day { sales: till(sales, ms(1_000)), refunds: till(refunds, ms(1_300)) };
        day.check(&day.run());
    }
}

/// A till may have closed while entries were left in its channel: they are booked, too.
#[test]
fn what_is_left_in_a_channel_is_booked() {
    let (full, empty) = (Till::full(pick(3..=9)), Till::full(0));
    let open = Till { amounts: amounts(2), pause: ms(pick(500..=900)), open: ms(300) };
    for (sales, refunds) in [(&full, &open), (&open, &full), (&full, &empty), (&full, &full)] {
        let day = Day { sales: sales.clone(), refunds: refunds.clone() };
        let seen = day.run();
        let left = day.tills().into_iter().filter(|(_, till)| till.due(0).is_zero() && till.open.is_zero());
        for (kind, till) in left {
            let (all, booked) = (till.amounts.len(), seen.of(kind).len());
            assert!(
                booked == all,
                "The {kind} till had closed with {all} entries in its channel, and {booked} of them were booked. A channel \
                 that is closed still gives out what is in it. Only after the last entry does `recv` return `None`."
            );
        }
        day.check(&seen);
    }
}

/// A rush at one till does not hold up the other one.
#[test]
fn a_rush_holds_up_nobody() {
    let (rush, one) = (Till::full(2_000), Till::full(1));
    for (sales, refunds) in [(&rush, &one), (&one, &rush)] {
        let day = Day { sales: sales.clone(), refunds: refunds.clone() };
        let seen = day.run();
        let [busy, calm] = if day.sales.amounts.len() > 1 { [SALES, REFUNDS] } else { [REFUNDS, SALES] };
        let before = seen.booked.iter().take_while(|(entry, _)| kind(*entry) != calm).count();
        assert!(
            before <= 500 || before == seen.booked.len(),
            "There was 1 entry in the channel of the {calm} till, and 2000 in the one of the {busy} till. {before} of those \
             were booked before that 1. A branch that always comes first, and is always ready, leaves no turn to the \
             others."
        );
        day.check(&seen);
    }
}

/// There may be no entry at all, one of 0 cents, hundreds, or one in months.
#[test]
fn any_number_and_any_time() {
    let months = Duration::from_secs(24 * 3_600 * pick(30..=60));
    let many = Till { amounts: amounts(pick(300..=500)), pause: ms(pick(1..=5)), open: ms(1) };
    let rare = Till { amounts: amounts(3), pause: months, open: months };
    let free = Till { amounts: vec![0], pause: ms(7), open: ms(0) };
    for (sales, refunds) in
        [(Till::full(0), Till::full(0)), (free.clone(), rare.clone()), (rare, many.clone()), (many, free)]
    {
        let day = Day { sales, refunds };
        day.check(&day.run());
    }
}

/// It may be polled by one task, and from then on by another.
#[test]
fn another_task_may_go_on() {
    stage("another task goes on with `keep_journal`");
    let outcome = panic_of(|| {
        vt(async {
            let [sales, refunds] =
                [(3, 700), (2, 900)].map(|(count, pause)| small(count, ms(pause)).open_silently());
            handed_on("`keep_journal`", 30, keep_journal(sales, refunds, |_| {})).await;
        })
    });
    outcome.unwrap_or_else(|text| panic!("{text}"));
}

/// Two shops keep their journals independently.
#[test]
fn two_journals_do_not_wait_for_each_other() {
    stage(
        "`keep_journal` has been called twice, for a shop that is open for days and for one that closes soon",
    );
    let outcome = panic_of(|| {
        vt(async {
            let call = |pause| {
                let [sales, refunds] = [2, 3].map(|count| small(count, pause).open_silently());
                async move {
                    let mut booked = 0;
                    keep_journal(sales, refunds, |_| booked += 1).await;
                    booked
                }
            };
            side_by_side("`keep_journal`", 40, call(hours(50)), call(ms(5))).await
        })
    });
    let ((slow, quick), _) = outcome.unwrap_or_else(|text| panic!("{text}"));
    check_eq!(
        (slow, quick),
        (5, 5),
        "Two shops had 5 entries each, and {slow} and {quick} were booked. Each journal is for one shop."
    );
}

const SALES: &str = "sales";
const REFUNDS: &str = "refunds";

fn kind(entry: Entry) -> &'static str {
    match entry {
        Entry::Sale(_) => SALES,
        Entry::Refund(_) => REFUNDS,
    }
}

/// What a till sends: an amount after each pause. Then it stays open for a while.
#[derive(Clone)]
struct Till {
    amounts: Vec<u64>,
    pause: Duration,
    open: Duration,
}

impl Till {
    /// A till that has sent everything, and closed, before the journal begins.
    fn full(count: u64) -> Self {
        Self { amounts: amounts(count), pause: Duration::ZERO, open: Duration::ZERO }
    }

    /// When the entry of this number arrives.
    fn due(&self, number: usize) -> Duration {
        self.pause * u32::try_from(number + 1).expect("there are not so many entries")
    }

    fn closes(&self) -> Duration {
        self.pause * u32::try_from(self.amounts.len()).expect("there are not so many entries") + self.open
    }

    fn open_silently(self) -> Receiver<u64> {
        self.open(&Timeline::new().lane("till"), &Log::new(), SALES)
    }

    /// Opens it on this runtime. When it closes, it writes its name to the log.
    fn open(self, lane: &Lane, closed: &Log, name: &'static str) -> Receiver<u64> {
        let (send, receive) = channel(self.amounts.len().max(1));
        if self.closes().is_zero() {
            for cents in self.amounts {
                send.try_send(cents).expect("there is room for all");
            }
            closed.push(name);
            return receive;
        }
        let (mark, closed) = (lane.clone(), closed.clone());
        tokio::spawn(lane.watch(async move {
            for cents in self.amounts {
                sleep(self.pause).await;
                if send.send(cents).await.is_err() {
                    return;
                }
            }
            sleep(self.open).await;
            drop(send);
            mark.mark("closed");
            closed.push(name);
        }));
        receive
    }
}

struct Day {
    sales: Till,
    refunds: Till,
}

/// What became of a day.
struct Seen {
    booked: Vec<(Entry, Duration)>,
    /// The tills that had closed by then.
    closed: Vec<String>,
    outcome: Result<(), Impatience>,
    took: Duration,
    polls: usize,
}

impl Seen {
    fn of(&self, of: &str) -> Vec<(u64, Duration)> {
        let cents = |entry| match entry {
            Entry::Sale(cents) | Entry::Refund(cents) => cents,
        };
        self.booked
            .iter()
            .filter(|(entry, _)| kind(*entry) == of)
            .map(|&(entry, at)| (cents(entry), at))
            .collect()
    }
}

impl Day {
    fn tills(&self) -> [(&'static str, &Till); 2] {
        [(SALES, &self.sales), (REFUNDS, &self.refunds)]
    }

    fn all(&self) -> usize {
        self.sales.amounts.len() + self.refunds.amounts.len()
    }

    fn run(&self) -> Seen {
        let timeline = Timeline::new();
        let [journal, sales, refunds] = ["keep_journal", SALES, REFUNDS].map(|name| timeline.lane(name));
        let (booked, closed, patience) = (RefCell::new(Vec::new()), Log::new(), Patience::new());
        let most = self.all() + 2 * self.all().min(300) + 30;
        stage("the journal is open");
        let outcome = panic_of(|| {
            vt(async {
                let start = Instant::now();
                let sales = self.sales.clone().open(&sales, &closed, SALES);
                let refunds = self.refunds.clone().open(&refunds, &closed, REFUNDS);
                let book = |entry| booked.borrow_mut().push((entry, start.elapsed()));
                patience.watch(most, journal.watch(keep_journal(sales, refunds, book))).await
            })
        });
        let count = booked.borrow().len();
        let (outcome, took) = outcome.unwrap_or_else(|text| self.panicked(&text, count));
        Seen { booked: booked.into_inner(), closed: closed.events(), outcome, took, polls: patience.polls() }
    }

    fn panicked(&self, text: &str, booked: usize) -> ! {
        let all = self.all();
        assert!(
            !text.contains("all branches are disabled"),
            "`keep_journal` panicked when both tills had closed, with {booked} of {all} entries booked. A value that does not \
             match its pattern disables that branch. `None` has disabled both, and a `select!` without `else` panics when no \
             branch is left. ({text})"
        );
        panic!("`keep_journal` panicked, with {booked} of {all} entries booked: {text}");
    }

    fn check(&self, seen: &Seen) {
        let took = in_words(seen.took);
        let closes = self.sales.closes().max(self.refunds.closes());
        self.check_outcome(seen);
        let first = self.tills().into_iter().find(|(_, till)| seen.took.abs_diff(till.closes()) < GRAIN);
        let open = self.tills().into_iter().find(|(_, till)| seen.took + GRAIN <= till.closes());
        if let Some((name, till)) = open {
            let when = first.map_or(String::new(), |(first, _)| format!(", when the {first} till closed"));
            let more = match till.amounts.len().saturating_sub(seen.of(name).len()) {
                0 => "more entries might have come".to_owned(),
                missing => format!("{missing} of its entries are not booked"),
            };
            panic!(
                "`keep_journal` returned after {took}{when}. The {name} till was open until {}, and {more}. The journal ends when \
                 both channels are closed.",
                in_words(till.closes())
            );
        }
        for (name, till) in self.tills() {
            let found = seen.of(name);
            let cents: Vec<u64> = found.iter().map(|(cents, _)| *cents).collect();
            let times = |list: &[u64], cents: u64| list.iter().filter(|other| **other == cents).count();
            let suspects = if cents == till.amounts { &[][..] } else { &till.amounts[..] };
            for (number, amount) in (1..).zip(suspects) {
                let (sent, booked) = (times(&till.amounts, *amount), times(&cents, *amount));
                assert!(
                    booked >= sent,
                    "`keep_journal` has returned, and entry {number} of the {name} till is missing: {amount} cents came {sent} times \
                     and are booked {booked} times. Each entry counts, also if it is 0 or equal to another one."
                );
            }
            check_eq!(
                cents,
                till.amounts,
                "The entries of the {name} till are not the ones that it has sent, or not in their order."
            );
            for (number, (_, at)) in found.iter().enumerate() {
                assert!(
                    *at < till.due(number) + GRAIN,
                    "Entry {} of the {name} till arrived after {}, and was booked after {}. An entry is booked when it arrives; \
                     the two tills do not wait for each other.",
                    number + 1,
                    in_words(till.due(number)),
                    in_words(*at)
                );
            }
        }
        assert!(
            seen.took < closes + GRAIN,
            "The second till closed after {}, and `keep_journal` returned after {took}. The journal ends when both channels are \
             closed.",
            in_words(closes)
        );
    }

    fn check_outcome(&self, seen: &Seen) {
        let (all, booked, polls) = (self.all(), seen.booked.len(), seen.polls);
        assert!(
            booked <= all,
            "The tills have sent {all} entries, and {booked} are booked. `None` is no entry: it means that the channel is closed."
        );
        match (seen.outcome, &seen.closed[..]) {
            (Ok(()), _) => {}
            (Err(Impatience::Stuck), _) => panic!(
                "Both tills have closed, {booked} of {all} entries are booked, and `keep_journal` still waits, 400 days later. \
                 Nothing is left that could wake it."
            ),
            (Err(_), []) => panic!(
                "`keep_journal` was polled {polls} times, with {booked} of {all} entries booked and both tills open. It asks \
                 again and again. `recv` is a future that wakes it when there is something."
            ),
            (Err(_), [one]) => panic!(
                "The {one} till was closed, the other one was open and quiet, and `keep_journal` was polled {polls} times: its \
                 loop spins. `recv` of a closed channel returns `None` at once, every time, so a branch that takes `None` is \
                 ready in every turn."
            ),
            (Err(_), _) => panic!(
                "Both tills have closed, {booked} of {all} entries are booked, and `keep_journal` goes on and on: it was polled \
                 {polls} times. The journal ends when both channels are closed."
            ),
        }
    }
}

/// Tokio's clock counts whole milliseconds and may round up.
const GRAIN: Duration = Duration::from_millis(2);

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

fn hours(hours: u64) -> Duration {
    Duration::from_secs(3_600 * hours)
}

fn small(count: u64, pause: Duration) -> Till {
    Till { amounts: amounts(count), pause, open: pause }
}

/// Amounts that are known at run time only: with 0, with two that are equal, and with the largest that there is.
fn amounts(count: u64) -> Vec<u64> {
    let base = pick(100..=999_999);
    (0..count).map(|n| [base, 0, base + 7, base + 7, u64::MAX, 3, base][n as usize % 7]).collect()
}
