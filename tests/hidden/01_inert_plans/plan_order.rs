//! Hidden tests of `plan_order`: what the bank was asked to do, and in which order.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use exercise::pay;
use testkit::{Impatience, Lane, Log, Patience, Timeline, check_eq, panic_of, pick, side_by_side, stage, vt};
use tokio::task::{LocalSet, spawn_local};
use tokio::time::sleep;

/// The audit line is completely written before the card is charged.
#[test]
fn the_audit_line_comes_first() {
    // Before the drawn cases: an engine of the learner's own would wait for their clock for ever.
    settle_bill(&Books::new([1, 1].map(Duration::from_millis)), 100);
    // The slow audit is slower than any pause that a program would put in front of the charge. Both drawings, that of a
    // wrong answer and that of a right one, are to be of the short one.
    let short = Duration::from_millis(30);
    for audit_takes in [short, days(), short] {
        let bank = Books { drawn: true, ..Books::new([audit_takes, Duration::from_millis(20)]) };
        settle_bill(&bank, 250);
        let events = bank.log.events();
        let place = |event: &str| events.iter().position(|e| e == event);
        let charge = place("charge begins").expect("each plan was begun");
        let audit = place("audit begins").expect("each plan was begun");

        if charge < audit {
            let (audit_called, charge_called) = (place("audit called"), place("charge called"));
            let calls_swapped = charge_called < audit_called && audit_called < Some(charge);
            assert!(
                !calls_swapped,
                "Swapping the calls changed nothing: calling builds a future, awaiting runs it. The card was charged \
                 before the audit line was written."
            );
            panic!(
                "The card was charged before the audit line was written. Calling builds a future, awaiting runs it: \
                 only the order of the awaits counts."
            );
        }
        assert!(
            place("audit dropped").is_none_or(|dropped| dropped > charge),
            "The card was charged, and the audit line had been dropped half-way: writing it takes {}, and `pay` did \
             not wait that long.",
            spelled(audit_takes)
        );
        assert!(
            place("audit ends").is_some_and(|written| written < charge),
            "The card was charged while the audit line was still being written. Both futures were running at once; the \
             audit has to be finished before the charge begins."
        );
    }
}

/// There is one audit line and one charge, and both run to their end.
#[test]
fn each_plan_is_carried_out_once() {
    for takes in [[1, 1].map(Duration::from_millis), [days(), days()]] {
        let bank = Books::new(takes);
        settle_bill(&bank, 990);
        for ((name, what), takes) in PLANS.into_iter().zip(takes) {
            let ended = bank.log.count(&format!("{what} ends"));
            assert!(
                ended == 1,
                "`{name}` was begun and dropped half-way. It takes {}: await it until it is done.",
                spelled(takes)
            );
        }
    }
}

/// `pay` returns the bank's receipt number and passes the amount on.
#[test]
fn the_receipt_is_the_banks() {
    let some = pick(1_000..=9_999);
    for (receipt, cents) in
        [(some, 5), (88, pick(10_000..=99_999)), (0, 5), (some, 0), (u64::MAX, u64::MAX), (5, 5)]
    {
        let bank = Books { receipt, ..Books::new([1, 1].map(Duration::from_millis)) };
        let (found, _) = settle_bill(&bank, cents);
        check_eq!(
            found,
            receipt,
            "`pay` returned a receipt that is not the one that the bank gave out for this charge."
        );
        for amount in bank.amounts.events() {
            check_eq!(amount, cents.to_string(), "The bank was given another amount than the one to pay.");
        }
    }
}

/// The bank may be done at once: a future that is ready at its first poll counts like any other.
#[test]
fn a_bank_may_be_quick() {
    for takes in [[0, 0], [0, 5], [5, 0]] {
        let bank = Books { receipt: pick(1_000..=9_999), ..Books::new(takes.map(Duration::from_millis)) };
        let (found, _) = settle_bill(&bank, 31);
        check_eq!(
            found,
            bank.receipt,
            "`pay` returned a receipt that is not the one that the bank gave out for this charge."
        );
        let events: Vec<_> =
            bank.log.events().into_iter().filter(|event| !event.ends_with("called")).collect();
        check_eq!(
            events,
            ["audit begins", "audit ends", "charge begins", "charge ends"],
            "With a bank that does its part at once, the order was wrong. The complete audit line comes first, then \
             the charge."
        );
    }
}

/// If the audit line cannot be written, no money moves.
#[test]
fn no_audit_no_charge() {
    for takes in [[0, 0], [5, 5]] {
        let bank = Books { broken: true, ..Books::new(takes.map(Duration::from_millis)) };
        let run = panic_of(|| vt(bank.patience.watch(POLLS, pay(&bank, 31))).0);
        let charged = bank.log.count("charge begins");
        assert!(
            charged == 0,
            "`write_audit` panicked before its line was written, but the charge was begun anyway. No money moves \
             before an audit line is completely written."
        );
        if let Ok(Ok(receipt)) = run {
            panic!(
                "`write_audit` panicked, nothing was charged, and `pay` returned the receipt {receipt}. There is no such \
                 receipt."
            );
        }
    }
}

/// `pay` waits for the bank, a millisecond or days, and is done when the bank is.
#[test]
fn pay_takes_as_long_as_the_bank() {
    let soon = || Duration::from_millis(pick(1..=3));
    for takes in [[soon(), soon()], [soon(), days()], [days(), soon()]] {
        let bank = Books::new(takes);
        let (_, took) = settle_bill(&bank, 12);
        // Tokio's clock counts whole milliseconds and may round up.
        let most = takes[0] + takes[1] + Duration::from_millis(4);
        assert!(
            took <= most,
            "`pay` took {}. The audit line takes {} and the charge {}: `.await` goes on as soon as its future is done.",
            spelled(took),
            spelled(takes[0]),
            spelled(takes[1])
        );
    }
}

/// `pay` may move to another task: the bank wakes the task that polled it last.
#[test]
fn pay_goes_on_in_another_task() {
    let bank = Books::new([5, 5].map(Duration::from_secs));
    let waited = panic_of(|| vt(bank.patience.pass_on(POLLS, pay(&bank, 7))).0);
    if waited == Ok(Err(Impatience::Stuck)) {
        panic!(
            "`pay` was polled by one task after another. The bank was done, and the newest task, which waits for it, \
             was not woken. `.await` wakes the task that polled last."
        );
    }
    bank.explain(7, waited);
}

/// A payment that waits for its audit line does not delay other payments.
#[test]
fn payments_do_not_wait_for_each_other() {
    let mut banks =
        [[pick(30..=60), 20], [pick(1..=3), 5]].map(|takes| Books::new(takes.map(Duration::from_millis)));
    // The newest timeline is drawn: one for both payments.
    let timeline = Timeline::new();
    for (number, bank) in (1..).zip(&mut banks) {
        bank.lanes = ["pay", "audit", "charge"].map(|name| timeline.lane(format!("{name} {number}")));
    }
    let [slow, quick] = &banks;
    stage("two payments are under way, and the audit line of the first one takes longer");
    let run = panic_of(|| {
        let [late, early] =
            [slow, quick].map(|bank| bank.patience.watch(POLLS, bank.lanes[0].watch(pay(bank, 7))));
        vt(side_by_side("`pay`", POLLS, late, early)).0
    });
    match run {
        Ok((late, early)) => {
            quick.explain(7, Ok(early));
            slow.explain(7, Ok(late));
        }
        Err(text) => panic!("{text}"),
    }
}

/// Hundreds of payments at once take no longer than one.
#[test]
fn hundreds_of_payments_go_on_at_once() {
    let takes = Duration::from_millis(pick(30..=60));
    let banks: Vec<_> = (0..pick(300..=400)).map(|_| Arc::new(Books::new([takes, takes]))).collect();
    stage("hundreds of payments are under way at once");
    let local = LocalSet::new();
    let (waited, took) = vt(local.run_until(async {
        let payments: Vec<_> = banks
            .iter()
            .map(|bank| {
                let bank = Arc::clone(bank);
                spawn_local(async move { bank.patience.watch(POLLS, pay(&*bank, 7)).await })
            })
            .collect();
        let mut waited = Vec::new();
        for payment in payments {
            waited.push(payment.await.map_err(|error| error.to_string()));
        }
        waited
    }));
    for (bank, waited) in banks.iter().zip(waited) {
        bank.explain(7, waited);
    }
    // Tokio's clock counts whole milliseconds and may round up.
    assert!(
        took <= 2 * takes + Duration::from_millis(4),
        "{} payments were under way at once. For each, the audit line takes {} and the charge just as long. All of \
         them together took {}: they waited for each other.",
        banks.len(),
        spelled(takes),
        spelled(took)
    );
}

/// Two plans need five polls, when they are carried out one after the other.
const POLLS: usize = 16;

/// The bank's plans: their functions, and what they are called in its log.
const PLANS: [(&str, &str); 2] = [("write_audit", "audit"), ("charge_card", "charge")];

/// Whether a payment went well in this program.
static PAID_BEFORE: AtomicBool = AtomicBool::new(false);

/// A bank that writes down which plans were made, which were carried out, and for how much.
struct Books {
    log: Log,
    amounts: Log,
    /// How long the audit and the charge take. With no time at all, a plan is ready at its first poll.
    takes: [Duration; 2],
    receipt: u64,
    /// Whether writing the audit line panics.
    broken: bool,
    patience: Patience,
    /// Whether the drawing is to show nothing but the waits.
    drawn: bool,
    /// To be drawn: `pay` and the two plans below it.
    lanes: [Lane; 3],
}

impl Books {
    fn new(takes: [Duration; 2]) -> Self {
        let timeline = Timeline::new();
        Self {
            log: Log::new(),
            amounts: Log::new(),
            takes,
            receipt: 1,
            broken: false,
            patience: Patience::new(),
            drawn: false,
            lanes: ["pay", "audit", "charge"].map(|name| timeline.lane(name)),
        }
    }

    async fn carry_out(&self, what: &'static str, cents: u64, takes: Duration) {
        let mut half_way = HalfWay { log: &self.log, what, over: false };
        self.log.push(format!("{what} begins"));
        self.amounts.push(cents.to_string());
        if self.drawn {
            sleep(takes).await;
        } else if !takes.is_zero() {
            self.patience.answer(takes).await;
        }
        // hermetic: the panic is what is tested
        assert!(!self.broken || what != "audit", "the auditors are on strike");
        half_way.over = true;
        self.log.push(format!("{what} ends"));
    }

    /// The receipt, or what went wrong on the way to it.
    fn explain(&self, cents: u64, run: Result<Result<u64, Impatience>, String>) -> u64 {
        let waited = run.unwrap_or_else(|text| {
            assert!(
                !text.contains("resumed after completion"),
                "A future was polled again after it was ready. It gives out its output once, with the poll that is \
                 `Ready`. ({text})"
            );
            panic!("`pay` panicked before it was done: {text}")
        });
        assert!(
            waited != Err(Impatience::Kept),
            "The bank was not done, and `pay` kept the thread until it was. Nothing else on that thread could run. \
             `.await` gives the thread back while it waits."
        );
        let plans = PLANS.map(|(name, what)| {
            let times = |event: &str| self.log.count(&format!("{what} {event}"));
            (name, times("called"), times("begins"))
        });
        for (name, _, begun) in plans {
            let before = if name == "charge_card" && self.log.count("charge ends") > 0 {
                format!(", and had given the receipt {} before", self.receipt)
            } else {
                String::new()
            };
            assert!(
                begun <= 1,
                "`{name}` ran {begun} times for one payment{before}. Every future that you await runs: build one, and \
                 wait for that one."
            );
        }
        let receipt = waited.unwrap_or_else(|impatience| match impatience {
            Impatience::Restless => panic!(
                "`pay` was polled {} times while it waited for an audit line and a charge: it kept checking whether \
                 they were done. Each wakes it when it is; until then, `pay` has nothing to do.",
                self.patience.polls()
            ),
            _ => panic!(
                "`pay` never finished, and nothing will wake it. What happened: {}.",
                self.log.events().join(", ")
            ),
        });
        for (name, called, begun) in plans {
            assert!(
                called > 0 || !PAID_BEFORE.load(Ordering::SeqCst),
                "For a payment of {cents} cents, `pay` returned the receipt {receipt} and never called `{name}`. For \
                 an earlier one, it called and awaited both functions. Each payment needs both, whatever its amount \
                 is."
            );
            assert!(
                called > 0,
                "For a payment of {cents} cents, `pay` returned the receipt {receipt} and never called `{name}`."
            );
            assert!(
                begun > 0,
                "`{name}` ran 0 times. Its future was never awaited, and a future that is dropped runs nothing."
            );
        }
        PAID_BEFORE.store(true, Ordering::SeqCst);
        receipt
    }
}

/// Writes down when a plan is dropped that was begun and is not carried out.
struct HalfWay<'a> {
    log: &'a Log,
    what: &'static str,
    over: bool,
}

impl Drop for HalfWay<'_> {
    fn drop(&mut self) {
        if !self.over {
            self.log.push(format!("{} dropped", self.what));
        }
    }
}

impl exercise::Bank for Books {
    fn write_audit(&self, cents: u64) -> impl Future<Output = ()> {
        self.log.push("audit called");
        self.lanes[1].watch(self.carry_out("audit", cents, self.takes[0]))
    }

    fn charge_card(&self, cents: u64) -> impl Future<Output = u64> {
        self.log.push("charge called");
        self.lanes[2].watch(async move {
            self.carry_out("charge", cents, self.takes[1]).await;
            self.receipt
        })
    }
}

/// The receipt, and how long it took.
fn settle_bill(bank: &Books, cents: u64) -> (u64, Duration) {
    let mut took = Duration::ZERO;
    let run = panic_of(|| {
        let (waited, time) = vt(bank.patience.watch(POLLS, bank.lanes[0].watch(pay(bank, cents))));
        took = time;
        waited
    });
    (bank.explain(cents, run), took)
}

fn days() -> Duration {
    Duration::from_secs(pick(2..=9) * 24 * 60 * 60)
}

fn spelled(time: Duration) -> String {
    match time.as_secs() / (24 * 60 * 60) {
        0 => format!("{} ms", time.as_millis()),
        1 => "1 day".to_owned(),
        days => format!("{days} days"),
    }
}
