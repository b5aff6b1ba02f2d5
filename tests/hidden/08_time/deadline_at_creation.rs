//! Hidden tests of `deadline_at_creation`: how long the bank's answer stays on the display, and what else `checkout` owes.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use exercise::{Bank, Display, checkout};
use testkit::{
    Lane, Timeline, check_eq, handed_on, in_words, panic_of, pick, side_by_side, stage, timed, vt,
};
use tokio::time::{Instant, sleep};

/// The answer stays on the display for the reading time, whether the bank is quick or slow.
#[test]
fn the_answer_can_be_read() {
    let reading = ms(pick(600..=900));
    let banks = [ms(pick(100..=300)), ms(pick(1_000..=3_000))];
    check(&banks.map(|bank| pay(bank, reading, "approved")));
}

/// The bank may answer at once or after a month, and the reading time may be anything from nothing to a month.
#[test]
fn any_times() {
    let month = Duration::from_secs(30 * 24 * 3600) + ms(pick(1..=999));
    let some = ms(pick(200..=900));
    for (bank, reading) in
        [(ms(0), some), (some, ms(0)), (ms(0), ms(0)), (month, ms(1)), (ms(1), month), (some, some)]
    {
        check(&[pay(bank, reading, "approved")]);
    }
}

/// Every answer is shown for the reading time and returned, whatever it says and whatever the payment is.
#[test]
fn every_answer_is_shown() {
    let receipt = format!("approved, receipt {}", pick(1..=9_999));
    for answer in ["declined: no money", "", &receipt, &receipt, &"no ".repeat(500)] {
        check(&[pay(ms(pick(10..=90)), ms(pick(100..=900)), answer)]);
    }
    for cents in [0, u64::MAX] {
        check(&[pay_cents(cents, ms(pick(10..=90)), ms(pick(100..=900)), "approved")]);
    }
}

/// Another task may go on with `checkout`, and a slow checkout does not hold up a quick one.
#[test]
fn checkouts_are_independent() {
    let day = Duration::from_secs(24 * 3600);
    let world = World::new(day, &Timeline::new());
    stage("another task goes on with `checkout`");
    let call = checkout(&world, &world, 1, day);
    if let Err(text) = panic_of(|| vt(handed_on("`checkout`", 16, call))) {
        panic!("{text}");
    }
    stage("`checkout` has been called twice, with a slow bank and with a quick one");
    let timeline = Timeline::new();
    let (slow, quick) = (World::new(day, &timeline), World::new(ms(3), &timeline));
    let calls = (checkout(&slow, &slow, 1, day), checkout(&quick, &quick, 2, ms(5)));
    if let Err(text) = panic_of(|| vt(side_by_side("`checkout`", 16, calls.0, calls.1))) {
        panic!("{text}");
    }
}

/// The bank and the display of one checkout, and what was seen of them. Times are those since the call.
struct World {
    takes: Duration,
    answer: String,
    start: Cell<Option<Instant>>,
    asked: RefCell<Vec<u64>>,
    first_asked: Cell<Option<Duration>>,
    answered: Cell<Option<Duration>>,
    /// What the display was told, and when: a text to show, or to be cleared.
    display: RefCell<Vec<(Option<String>, Duration)>>,
    line: Lane,
    screen: Lane,
}

impl World {
    fn new(takes: Duration, timeline: &Timeline) -> Self {
        Self {
            takes,
            answer: "approved".to_owned(),
            start: Cell::default(),
            asked: RefCell::default(),
            first_asked: Cell::default(),
            answered: Cell::default(),
            display: RefCell::default(),
            line: timeline.lane("bank"),
            screen: timeline.lane("display"),
        }
    }

    fn now(&self) -> Duration {
        self.start.get().map_or(Duration::ZERO, |start| start.elapsed())
    }

    /// The first text that was shown, and when.
    fn shown(&self) -> Option<(String, Duration)> {
        self.display.borrow().iter().find_map(|(text, at)| Some((text.clone()?, *at)))
    }

    /// When the display was cleared after that.
    fn cleared(&self) -> Option<Duration> {
        let display = self.display.borrow();
        let mut later = display.iter().skip_while(|(text, _)| text.is_none());
        later.find_map(|(text, at)| text.is_none().then_some(*at))
    }
}

impl Bank for World {
    async fn charge(&self, cents: u64) -> String {
        self.asked.borrow_mut().push(cents);
        self.first_asked.set(self.first_asked.get().or(Some(self.now())));
        self.line.watch(sleep(self.takes)).await;
        self.answered.set(Some(self.now()));
        self.answer.clone()
    }
}

impl Display for World {
    fn show(&self, text: &str) {
        self.screen.mark("shown");
        self.display.borrow_mut().push((Some(text.to_owned()), self.now()));
    }

    fn clear(&self) {
        self.screen.mark("cleared");
        self.display.borrow_mut().push((None, self.now()));
    }
}

/// A checkout that has returned.
struct Paid {
    world: World,
    cents: u64,
    reading: Duration,
    returned: String,
    took: Duration,
    longest_poll: Duration,
}

fn pay(bank: Duration, reading: Duration, answer: &str) -> Paid {
    pay_cents(pick(100..=999_999), bank, reading, answer)
}

fn pay_cents(cents: u64, bank: Duration, reading: Duration, answer: &str) -> Paid {
    let timeline = Timeline::new();
    let lane = timeline.lane("checkout");
    let mut world = World::new(bank, &timeline);
    world.answer = answer.to_owned();
    stage(format!("the bank takes {}, and the reading time is {}", say(bank), say(reading)));
    let outcome = panic_of(|| {
        vt(async {
            world.start.set(Some(Instant::now()));
            timed("`checkout`", 16, lane.watch(checkout(&world, &world, cents, reading))).await
        })
        .0
    });
    let call = outcome.and_then(|outcome| outcome).unwrap_or_else(|text| panic!("{text}"));
    let (took, longest_poll) = (call.took, call.longest_poll);
    Paid { world, cents, reading, returned: call.output, took, longest_poll }
}

fn check(all: &[Paid]) {
    all.iter().for_each(Paid::check_bank);
    all.iter().for_each(Paid::check_shown);
    check_reading(all);
    all.iter().for_each(Paid::check_end);
}

/// Fails unless the answer was on the display for the reading time each time.
fn check_reading(all: &[Paid]) {
    let Some(paid) = all.iter().find(|paid| paid.on_display() != paid.reading) else { return };
    let (reading, on) = (say(paid.reading), paid.on_display());
    let told: Vec<_> = all
        .iter()
        .map(|paid| format!("{} when the bank took {}", say(paid.on_display()), say(paid.world.takes)))
        .collect();
    let told = told.join(", and for ");
    assert!(
        all.iter().any(|paid| paid.on_display() != paid.reading.saturating_sub(paid.world.takes)),
        "The answer was on the display for {told}; the reading time is {reading}. Each time, the time that the bank takes is \
         missing: the deadline counts from the call of `checkout`, and not from the moment when the answer is shown."
    );
    assert!(
        !on.is_zero() || paid.longest_poll < paid.reading,
        "`checkout` kept the thread for the reading time of {reading}, in a single poll. By Tokio's clock no time passed, and \
         no other task could run meanwhile: await a timer instead of blocking the thread."
    );
    assert!(
        !on.is_zero(),
        "The answer was shown and cleared at the same moment; the reading time is {reading}. Between the two calls nothing \
         was awaited, or only what was ready at once."
    );
    panic!("The answer was on the display for {told}; it should be there for the reading time, {reading}.");
}

impl Paid {
    fn on_display(&self) -> Duration {
        let (shown, cleared) = (self.world.shown(), self.world.cleared());
        cleared.unwrap_or_default().saturating_sub(shown.unwrap_or_default().1)
    }

    fn check_bank(&self) {
        let (asked, takes) = (self.world.asked.borrow(), say(self.world.takes));
        check_eq!(
            *asked,
            [self.cents],
            "One payment of {} cents was to be made; the bank was asked {} times.",
            self.cents,
            asked.len()
        );
        let first_asked = self.world.first_asked.get().unwrap_or_default();
        assert!(
            first_asked.is_zero(),
            "`checkout` asked the bank {} after it was called. There is nothing to wait for before that.",
            say(first_asked)
        );
        assert!(
            self.world.answered.get().is_some(),
            "The bank needs {takes} for its answer, and `checkout` did not wait for it: it returned {:?} after {}. Nobody has \
             named a limit for the bank.",
            self.returned,
            say(self.took)
        );
    }

    fn check_shown(&self) {
        let (answer, answered) = (&self.world.answer, self.world.answered.get().unwrap_or_default());
        let Some((text, shown)) = self.world.shown() else {
            panic!(
                "The bank's answer was {answer:?}, and the display never showed it. Every answer is shown."
            )
        };
        check_eq!(text, *answer, "The display did not show what the bank answered.");
        assert!(
            shown == answered,
            "The bank answered after {}, and its answer was on the display after {}. It is shown as soon as it is there.",
            say(answered),
            say(shown)
        );
        assert!(
            self.world.cleared().is_some(),
            "The answer was shown after {}, and then the display was not cleared any more.",
            say(shown)
        );
    }

    fn check_end(&self) {
        let cleared = self.world.cleared().unwrap_or_default();
        assert!(
            self.took == cleared,
            "The display was clear after {}, and `checkout` returned after {}. When the display is clear, it returns.",
            say(cleared),
            say(self.took)
        );
        check_eq!(self.returned, self.world.answer, "`checkout` did not return what the bank answered.");
    }
}

/// Exact to the millisecond, where that may matter.
fn say(time: Duration) -> String {
    if time < Duration::from_secs(30) { format!("{} ms", time.as_millis()) } else { in_words(time) }
}

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}
