//! Hidden tests of `check_then_act`: which payments are made, what is written down, and what is left in the account.

use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use exercise::{Account, Audit, Refused};
use testkit::{
    Call, Ended, InFlight, Log, Timeline, check_eq, counted, handed_on, in_words, jostle, panic_of, pick,
    stage, together, vt,
};
use tokio::time::{sleep, timeout};

/// Money can be spent once, however many payments are made at the same time.
#[test]
fn money_is_spent_once() {
    let amount = pick(60..=90);
    let balance = amount + pick(10..=50);
    one_payment(balance, amount);

    let run = Run::of(balance, &[amount, amount], Desk::new(HOUR));
    let paid = run.paid();
    assert!(
        paid != 2,
        "An account with {balance} paid two bills of {amount} at the same time, and {} was left in it. The second payment \
         came while the first one was in the audit. What a payment has read before an await may be wrong after it.",
        run.left
    );
    assert!(
        paid == 1,
        "An account with {balance} got two bills of {amount} at the same time, and paid neither. The balance covers one \
         of them."
    );
    check_eq!(
        run.left,
        balance - amount,
        "An account with {balance} paid one bill of {amount} and refused a second one. What is left is {}.",
        run.left
    );

    let (bills, covered) = (pick(200..=300), pick(50..=150));
    let balance = covered * amount + pick(1..=amount - 1);
    let run = Run::of(balance, &vec![amount; usize_of(bills)], Desk::new(HOUR));
    check_eq!(
        run.paid(),
        usize_of(covered),
        "An account with {balance} got {bills} bills of {amount} at the same time, and paid {} of them. The balance \
         covers {covered}.",
        run.paid()
    );
    check_eq!(
        run.left,
        balance - covered * amount,
        "An account with {balance} paid {covered} bills of {amount}, and {} is left.",
        run.left
    );
}

/// A payment that is not covered is refused at once, and nothing is changed or written.
#[test]
fn a_refusal_changes_nothing() {
    let balance = pick(100..=200);
    let part = balance - pick(1..=40);
    for (amount, others) in [(balance + pick(1..=50), vec![]), (part, vec![part])] {
        let bills = [&others[..], &[amount]].concat();
        let run = Run::of(balance, &bills, Desk::new(HOUR));
        let last = run.calls.last().expect("there is one");
        let said = if others.is_empty() {
            format!("An account with {balance} got a bill of {amount}")
        } else {
            format!("An account with {balance} got two bills of {amount} at the same time")
        };
        check_eq!(
            last.ended,
            Ended::Returned(Err(Refused::NotCovered)),
            "{said}. The last one is not covered, so `pay` should return `NotCovered`."
        );
        let written = run.desk.begun.len();
        assert!(
            written <= others.len(),
            "{said}. {} could be made, and the audit was asked to write {written}: a payment that is refused must not be \
             written down.",
            if others.is_empty() { "None" } else { "One" }
        );
        assert!(
            last.after.is_zero(),
            "{said}. The one that is not covered was refused after {}, and could have been refused at once: the other \
             one's audit is nothing to wait for.",
            in_words(last.after)
        );
        let left = balance - others.iter().sum::<u64>();
        check_eq!(run.left, left, "{said}. One was refused, and {} is left.", run.left);
    }
}

/// Any number of payments can be in the audit at the same time.
#[test]
fn payments_are_audited_together() {
    for count in [2, usize_of(pick(200..=300))] {
        let amount = pick(10..=90);
        let balance = amount * count as u64 + pick(1..=9);
        let run = Run::of(balance, &vec![amount; count], Desk::new(HOUR));
        let (paid, most) = (run.paid(), run.desk.inside.max());
        assert!(
            paid == count,
            "An account with {balance} got {count} bills of {amount} at the same time, and paid {paid} of them. It \
             covers them all."
        );
        assert!(
            most == count,
            "{count} payments were made at the same time from an account that covers them all. At most {most} of them \
             were in the audit at a time; the others waited. No payment has to wait for the audit of another one."
        );
        let slowest = run.calls.iter().map(|call| call.after).max().unwrap_or_default();
        assert!(
            slowest < HOUR + TICK,
            "{count} payments were in the audit at the same time, each for {}. The last one returned after {}.",
            in_words(HOUR),
            in_words(slowest)
        );
    }
}

/// What is deposited during an audit stays.
#[test]
fn deposits_go_on_meanwhile() {
    for accepted in [true, false] {
        let (amount, deposit) = (pick(20..=50), pick(3..=19));
        let balance = amount + pick(0..=9);
        let desk = Desk { accepts: accepted, ..Desk::new(HOUR) };
        let account = Arc::new(Account::new(balance));
        let (calls, _) = vt(async {
            let meanwhile = async {
                sleep(HOUR / 2).await;
                stage("a deposit is made during an audit");
                account.deposit(deposit);
            };
            tokio::join!(together(POLLS, [desk.pay(&account, amount)]), meanwhile).0
        });
        let returned = calls.into_iter().next().expect("there is one").returned("`pay`");
        let expected = if accepted { Ok(()) } else { Err(Refused::AuditFailed) };
        check_eq!(returned, expected, "The audit {}, and `pay` returned {returned:?}.", desk.said());
        let (left, right) = (account.balance(), balance + deposit - if accepted { amount } else { 0 });
        assert!(
            left == right || left + deposit != right,
            "An account had {balance}, and {deposit} was deposited while a payment of {amount} was in the audit, which {}. \
             Then {left} was in the account, and should be {right}: the deposit is lost. Change the balance that is there \
             now; do not write a value that was computed from an older one.",
            desk.said()
        );
        check_eq!(
            left,
            right,
            "An account had {balance}, and {deposit} was deposited while a payment of {amount} was in the audit, which {}. \
             Then {left} was in the account.",
            desk.said()
        );
    }
}

/// If the audit fails, the amount is in the account again, and whatever others have done meanwhile stays.
#[test]
fn a_failed_audit_gives_the_amount_back() {
    let (amount, other) = (pick(20..=50), pick(3..=19));
    let balance = amount + other + pick(0..=9);
    let fails = Desk { accepts: false, ..Desk::new(HOUR) };
    let run = Run::of(balance, &[amount], fails.again());
    check_failed(&run, balance, amount);

    // Another payment begins before and ends after, or the other way round.
    for (wait, takes) in [(Duration::ZERO, 2 * HOUR), (HOUR / 4, HOUR / 4), (HOUR / 4, 2 * HOUR)] {
        stage("a payment fails in the audit, and beside it another one is made");
        let (account, timeline) = (Arc::new(Account::new(balance)), Timeline::new());
        let first = timeline.lane("payment whose audit fails").watch(fails.pay(&account, amount));
        let second = timeline.lane("payment beside it").watch(Desk::new(takes).pay(&account, other));
        let second = async move {
            sleep(wait).await;
            second.await
        };
        let calls = vt(together(POLLS, [Box::pin(first) as Paying, Box::pin(second)])).0;
        let returned: Vec<_> = calls.into_iter().map(|call| call.returned("`pay`")).collect();
        check_eq!(
            returned,
            [Err(Refused::AuditFailed), Ok(())],
            "An account with {balance} paid {amount}, which the audit failed to write, and beside it {other}, which it wrote."
        );
        let left = account.balance();
        assert!(
            left != balance,
            "An account had {balance}. A payment of {amount} failed in the audit, and beside it one of {other} was made; then \
             the account had {left} again. The failed payment has undone the other one, too: give back the amount, do not \
             restore the old balance."
        );
        check_eq!(
            left,
            balance - other,
            "An account had {balance}. A payment of {amount} failed in the audit, and beside it one of {other} was made; then \
             {left} was left."
        );
    }
}

/// `pay` returns when the payment is written: not before, and not later.
#[test]
fn it_returns_when_the_payment_is_written() {
    let year = Duration::from_secs(pick(26_000_000..=34_000_000));
    for takes in [Duration::from_millis(pick(1..=3)), year] {
        let run = Run::of(500, &[pick(1..=500)], Desk::new(takes));
        let call = &run.calls[0];
        assert!(
            run.desk.written.len() == 1,
            "`pay` {}, and the payment was not written down. The audit takes {}.",
            call.how(),
            in_words(takes)
        );
        check_eq!(
            call.ended,
            Ended::Returned(Ok(())),
            "The audit has written the payment after {}.",
            in_words(takes)
        );
        let (begun, written) = (run.desk.begun.timed()[0].1, run.desk.written.timed()[0].1);
        assert!(
            begun.is_zero(),
            "The audit was asked to write the payment {} after `pay` was called. There is nothing to wait for before that.",
            in_words(begun)
        );
        check_eq!(
            call.after,
            written,
            "The payment was written after {}, and `pay` returned {} later. There is nothing else to wait for.",
            in_words(written),
            in_words(call.after.saturating_sub(written))
        );
    }
}

/// Every amount that is covered is paid, also 0 and all that there is.
#[test]
fn every_covered_amount_is_paid() {
    let some = pick(1_000..=9_999);
    for (balance, amount) in [
        (some, some),
        (some, 0),
        (0, 0),
        (some, some + 1),
        (0, 1),
        (some, u64::MAX),
        (u64::MAX, u64::MAX),
        (some, 1),
    ] {
        let run = Run::of(balance, &[amount], Desk::new(HOUR));
        let covered = amount <= balance;
        let returned = run.calls.into_iter().next().expect("there is one").returned("`pay`");
        check_eq!(
            returned,
            if covered { Ok(()) } else { Err(Refused::NotCovered) },
            "An account with {balance} got a bill of {amount}."
        );
        let (written, expected) =
            (run.desk.begun.events(), if covered { vec![amount.to_string()] } else { vec![] });
        check_eq!(
            written,
            expected,
            "An account with {balance} got a bill of {amount}, and the audit was asked to write {}.",
            counted(written.len(), "payment")
        );
        let left = if covered { balance - amount } else { balance };
        check_eq!(
            run.left,
            left,
            "An account with {balance} got a bill of {amount}, and {} is left.",
            run.left
        );
    }
}

/// A payment that is dropped half-way, or whose audit panics, holds up no other.
#[test]
fn others_go_on_after_a_drop_or_a_panic() {
    let amount = pick(10..=90);
    for panics in [false, true] {
        let account = Arc::new(Account::new(3 * amount + 1));
        let bad = Desk { panics, ..Desk::new(HOUR) };
        let first = bad.pay(&account, amount);
        let limit = if panics { 2 * HOUR } else { HOUR / 2 };
        let first = async move { timeout(limit, first).await.unwrap_or(Ok(())) };
        let good = Desk::new(HOUR);
        let second = good.pay(&account, amount);
        let third = good.pay(&account, amount);
        let third = async move {
            sleep(2 * HOUR).await;
            third.await
        };
        let calls = vt(together(POLLS, [Box::pin(first) as Paying, Box::pin(second), Box::pin(third)])).0;
        assert!(
            !panics || matches!(calls[0].ended, Ended::Panicked(_)),
            "The audit panicked in the middle of a payment, and `pay` {} all the same. The panic has to go on to its caller.",
            calls[0].how()
        );
        let what = if panics { "panicked in the audit" } else { "was dropped while it was in the audit" };
        for (call, (when, at)) in calls.into_iter().skip(1).zip([("beside it", HOUR), ("later", 3 * HOUR)]) {
            assert!(
                call.ended == Ended::Returned(Ok(())) && call.after < at + TICK,
                "A payment {what}. `pay` was called {when}, for the same account, and {}. The account covers both. What one payment leaves behind \
                 must not hold up others.",
                call.how()
            );
        }
        let left = account.balance();
        assert!(
            left == 1 || left == amount + 1,
            "An account with {} made two payments of {amount}, and one more {what}. Then {left} was left: neither with it \
             nor without it.",
            3 * amount + 1
        );
    }
}

/// Two accounts know nothing of each other.
#[test]
fn accounts_know_nothing_of_each_other() {
    let amount = pick(10..=90);
    let accounts = [Arc::new(Account::new(amount + 1)), Arc::new(Account::new(2 * amount))];
    let desk = Desk::new(HOUR);
    let calls = vt(together(POLLS, accounts.each_ref().map(|account| desk.pay(account, amount)))).0;
    for call in &calls {
        assert!(
            call.ended == Ended::Returned(Ok(())) && call.after < HOUR + TICK,
            "Two accounts with {} and {} paid {amount} each at the same time, which takes {}. One of the two calls {}.",
            amount + 1,
            2 * amount,
            in_words(HOUR),
            call.how()
        );
    }
    let left = accounts.each_ref().map(|account| account.balance());
    check_eq!(left, [1, amount], "Two accounts with {} and {} paid {amount} each.", amount + 1, 2 * amount);
}

/// Several threads use an account, and none comes in between another one's look and its change.
#[test]
fn threads_do_not_come_in_between() {
    stage("several threads pay and deposit");
    let (account, deposited, paid) = (Account::new(0), AtomicU64::new(0), AtomicU64::new(0));
    let pay = async || {
        if account.pay(1, &Instantly).await.is_ok() {
            paid.fetch_add(1, Ordering::Relaxed);
        }
    };
    let deposit_and_pay = async || {
        account.deposit(1);
        deposited.fetch_add(1, Ordering::Relaxed);
        pay().await;
    };
    if let Err(jostled) = jostle(deposit_and_pay, pay) {
        let overflow = jostled.to_string().contains("overflow");
        assert!(
            !overflow,
            "Several threads paid 1 each from an account that often had just 1, and {jostled}. Between a look and a change, \
             another thread took the money: both belong in one locked section."
        );
        panic!("Several threads paid 1 each from the same account, and {jostled}.");
    }
    let (deposited, paid, left) = (deposited.into_inner(), paid.into_inner(), account.balance());
    check_eq!(
        left,
        deposited.wrapping_sub(paid),
        "Several threads deposited {deposited} and paid {paid}, 1 at a time, and {left} is left. Another thread came in \
         between a look and a change: both belong in one locked section."
    );
    assert!(
        paid <= deposited,
        "Several threads deposited {deposited} and paid {paid}, 1 at a time. Another thread came in between a look and a \
         change: both belong in one locked section."
    );
}

/// A payment may be polled by one task, and from then on by another.
#[test]
fn another_task_may_go_on() {
    stage("another task goes on with `pay`");
    let account = Arc::new(Account::new(100));
    if let Err(text) = panic_of(|| vt(handed_on("`pay`", POLLS, Desk::new(HOUR).pay(&account, 1)))) {
        panic!("{text}");
    }
}

type Paying = std::pin::Pin<Box<dyn Future<Output = Result<(), Refused>> + Send>>;

const HOUR: Duration = Duration::from_secs(3600);
/// Tokio's clock counts whole milliseconds and may round up.
const TICK: Duration = Duration::from_millis(2);
/// A payment waits for its audit, which wakes it once.
const POLLS: usize = 20;

fn usize_of(number: u64) -> usize {
    usize::try_from(number).expect("it was picked small enough")
}

/// One payment that is alone, and all goes well.
fn one_payment(balance: u64, amount: u64) {
    let run = Run::of(balance, &[amount], Desk::new(HOUR));
    let call = run.calls.into_iter().next().expect("there is one");
    let returned = call.returned("`pay`");
    check_eq!(
        returned,
        Ok(()),
        "An account with {balance} got one bill of {amount}, and `pay` returned {returned:?}. The balance covers it."
    );
    check_eq!(
        run.left,
        balance - amount,
        "An account with {balance} paid one bill of {amount}, and {} is left.",
        run.left
    );
}

/// One payment that is alone, and its audit has failed.
fn check_failed(run: &Run, balance: u64, amount: u64) {
    let ended = &run.calls[0].ended;
    let asked = run.desk.begun.len();
    assert!(
        asked == 1,
        "The audit failed to write a payment, and was asked to write it {asked} times. `pay` has it written once, and \
         returns `AuditFailed` if that fails."
    );
    check_eq!(
        *ended,
        Ended::Returned(Err(Refused::AuditFailed)),
        "The audit failed to write a payment, so `pay` should return `AuditFailed`."
    );
    assert!(
        run.left + amount != balance,
        "An account had {balance}. The audit failed to write a payment of {amount}, and {} is left: the amount was taken, and \
         is not in the account again.",
        run.left
    );
    check_eq!(
        run.left,
        balance,
        "An account had {balance}. The audit failed to write a payment of {amount}, and {} is left.",
        run.left
    );
}

/// What came of bills that came in at the same time.
struct Run {
    calls: Vec<Call<Result<(), Refused>>>,
    left: u64,
    desk: Desk,
}

impl Run {
    fn of(balance: u64, bills: &[u64], desk: Desk) -> Self {
        stage("bills have come in");
        let (account, timeline) = (Arc::new(Account::new(balance)), Timeline::new());
        let calls = bills.iter().zip(1..).map(|(amount, n)| {
            let name = if n < 7 { format!("payment {n} of {amount}") } else { "more payments".to_owned() };
            timeline.lane(name).watch(desk.pay(&account, *amount))
        });
        let calls = vt(together(POLLS, calls.collect::<Vec<_>>())).0;
        for call in &calls {
            match &call.ended {
                Ended::Returned(_) => {}
                Ended::Panicked(text) if text.contains("overflow") && bills.len() > 1 => panic!(
                    "{} bills came in at the same time, and `pay` panicked: {text}. When it subtracted, the account had less \
                     than when it had looked: other payments came in between. What was read before an await may be wrong \
                     after it.",
                    bills.len()
                ),
                _ => call.check("`pay`"),
            }
        }
        Self { calls, left: account.balance(), desk }
    }

    fn paid(&self) -> usize {
        self.calls.iter().filter(|call| call.ended == Ended::Returned(Ok(()))).count()
    }
}

/// An audit, and what was seen of it.
#[derive(Clone)]
struct Desk {
    takes: Duration,
    accepts: bool,
    panics: bool,
    begun: Log,
    written: Log,
    inside: InFlight,
}

impl Desk {
    fn new(takes: Duration) -> Self {
        Self {
            takes,
            accepts: true,
            panics: false,
            begun: Log::new(),
            written: Log::new(),
            inside: InFlight::new(),
        }
    }

    /// The same, and nothing seen yet.
    fn again(&self) -> Self {
        Self { accepts: self.accepts, panics: self.panics, ..Self::new(self.takes) }
    }

    fn said(&self) -> &'static str {
        if self.accepts { "wrote it down" } else { "failed" }
    }

    fn pay(
        &self,
        account: &Arc<Account>,
        amount: u64,
    ) -> impl Future<Output = Result<(), Refused>> + Send + 'static + use<> {
        let (account, desk) = (account.clone(), self.clone());
        async move { account.pay(amount, &desk).await }
    }
}

impl Audit for Desk {
    async fn write(&self, amount: u64) -> bool {
        self.begun.push(amount.to_string());
        let _inside = self.inside.enter();
        sleep(self.takes).await;
        if self.panics {
            resume_unwind(Box::new("the audit's disk is full"));
        }
        self.written.push(amount.to_string());
        self.accepts
    }
}

/// An audit that is done at once, on any thread.
struct Instantly;

impl Audit for Instantly {
    async fn write(&self, _: u64) -> bool {
        true
    }
}
