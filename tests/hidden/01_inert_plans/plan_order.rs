//! Hidden tests of `plan_order`: what the bank was asked to do, and in which order.

use std::time::Duration;

use exercise::pay;
use testkit::{Lane, Log, Timeline, check_eq, panic_of, pick, vt};

/// The audit line is written, to its end, before the card is charged.
#[test]
fn the_audit_line_comes_first() {
    // The slow audit is slower than any pause that a program would put in front of the charge. Both drawings, that of a
    // wrong answer and that of a right one, are to be of the short one.
    let short = Duration::from_millis(30);
    for audit_takes in [short, Duration::from_secs(3600), short] {
        let bank = Books { audit_takes, ..Books::new(1) };
        settle_bill(&bank, 250);
        let events = bank.log.events();
        let place = |event: &str| events.iter().position(|e| e == event);
        let (Some(audit), Some(charge)) = (place("audit begins"), place("charge begins")) else {
            panic!("The bank needs an audit line and a charge. What happened: {}.", events.join(", "));
        };
        let written = place("audit ends").unwrap_or(usize::MAX);

        if charge < audit {
            let (audit_called, charge_called) = (place("audit called"), place("charge called"));
            let calls_swapped = charge_called < audit_called && audit_called < Some(charge);
            assert!(
                !calls_swapped,
                "Swapping the calls changed nothing: calling builds a plan, awaiting carries it out. \
                 The card was charged before the audit line was written."
            );
            panic!(
                "The card was charged before the audit line was written. Calling builds a plan, awaiting carries it \
                 out: only the order of the awaits counts."
            );
        }
        assert!(
            written < charge,
            "The card was charged while the audit line was still being written. Both plans were under way at once; \
             the audit has to be finished before the charge begins."
        );
    }
}

/// One audit line and one charge, both carried out to the end.
#[test]
fn each_plan_is_carried_out_once() {
    let bank = Books::new(1);
    settle_bill(&bank, 990);
    for (name, what) in [("write_audit", "audit"), ("charge_card", "charge")] {
        let begun = bank.log.count(&format!("{what} begins"));
        let ended = bank.log.count(&format!("{what} ends"));
        assert!(
            begun != 0,
            "`{name}` ran 0 times. Its plan was never awaited, and a plan that is dropped runs nothing."
        );
        assert!(
            begun == 1,
            "`{name}` ran {begun} times. Every plan that you await is carried out: build one."
        );
        assert!(ended == 1, "`{name}` was begun and dropped half-way. Await it to its end.");
    }
}

/// `pay` returns the number of the receipt that the bank gave, and passes the amount on.
#[test]
fn the_receipt_is_the_banks() {
    for (first, cents) in [(pick(1_000..=9_999), 5), (88, pick(10_000..=99_999))] {
        let bank = Books::new(first);
        let receipt = settle_bill(&bank, cents);
        check_eq!(
            receipt,
            first + cents,
            "`pay` returned a receipt that is not the one that the bank gave out for this charge."
        );
        for amount in bank.amounts.events() {
            check_eq!(amount, cents.to_string(), "The bank was given another amount than the one to pay.");
        }
    }
}

/// A bank that writes down which plans were made, which were carried out, and for how much.
struct Books {
    log: Log,
    amounts: Log,
    audit_takes: Duration,
    first_receipt: u64,
    /// To be drawn: `pay` and the two plans below it.
    lanes: [Lane; 3],
}

impl Books {
    fn new(first_receipt: u64) -> Self {
        let timeline = Timeline::new();
        Self {
            log: Log::new(),
            amounts: Log::new(),
            audit_takes: Duration::from_millis(30),
            first_receipt,
            lanes: ["pay", "audit", "charge"].map(|name| timeline.lane(name)),
        }
    }

    async fn carry_out(&self, what: &str, cents: u64, takes: Duration) {
        self.log.push(format!("{what} begins"));
        self.amounts.push(cents.to_string());
        tokio::time::sleep(takes).await;
        self.log.push(format!("{what} ends"));
    }
}

impl exercise::Bank for Books {
    fn write_audit(&self, cents: u64) -> impl Future<Output = ()> {
        self.log.push("audit called");
        self.lanes[1].watch(self.carry_out("audit", cents, self.audit_takes))
    }

    fn charge_card(&self, cents: u64) -> impl Future<Output = u64> {
        self.log.push("charge called");
        self.lanes[2].watch(async move {
            self.carry_out("charge", cents, Duration::from_millis(20)).await;
            self.first_receipt + cents
        })
    }
}

fn settle_bill(bank: &Books, cents: u64) -> u64 {
    match panic_of(|| vt(bank.lanes[0].watch(pay(bank, cents)))) {
        Ok((receipt, _)) => receipt,
        Err(text) if text.contains("from within a runtime") => panic!(
            "You started a second engine inside the first one: `pay` is being carried out by an engine already, and \
             `.await` hands it the next plan."
        ),
        Err(text) => panic!("`pay` panicked before it was done: {text}"),
    }
}
