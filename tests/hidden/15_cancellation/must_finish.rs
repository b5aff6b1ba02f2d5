//! Hidden tests of `must_finish`: which steps of a transfer the bank sees, when, and what `transfer` returns.

use std::collections::HashMap;
use std::fmt;
use std::future::poll_fn;
use std::panic::resume_unwind;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::Poll;
use std::thread::{self, ThreadId};
// hermetic: bounds the wait for a thread that may be about to start, before a message is chosen
use std::time::{Duration, Instant as Clock};

use exercise::{Bank, Refused, transfer};
use testkit::{
    Ended, Lane, Timeline, assert_send, counted, handed_on, in_words, pick, settle, side_by_side, stage,
    timed, together, vt,
};
use tokio::task;
use tokio::time::{Instant, sleep, timeout};

/// A transfer that was polled runs to its end, at whatever moment it is dropped.
#[test]
fn a_transfer_that_has_begun_comes_to_its_end() {
    let wait = || millis(pick(100..=400));
    let waits = [wait(), wait(), wait(), wait()];
    let mut moments: Vec<Moment> = Vec::new();
    let mut begun = Duration::ZERO;
    // In the middle of each wait, the credit first: that is where money is missing.
    for wait in waits {
        moments.insert(0, Moment::After(begun + wait / 2));
        begun += wait;
    }
    moments.swap(0, 1);
    moments.extend((1..=6).map(Moment::Polls));
    for moment in moments {
        let order = Order::new();
        let town = Town::new([order.slow(Kind::Debit, &waits[..2]), order.slow(Kind::Credit, &waits[2..])]);
        stage(format!("`transfer` is dropped {moment}"));
        let (said, _) = vt(async {
            town.start();
            let said = town.drop_at(moment, &order).await;
            sleep(month()).await;
            said
        });
        town.check_whole(&said, &order, &waits);
    }
}

/// It returns `Ok` when the money has arrived, and not before.
#[test]
fn it_returns_when_the_money_has_arrived() {
    let (some, none) = (millis(pick(20..=900)), Duration::ZERO);
    let orders = [
        (Order::new(), [some, some * 2, some, some / 2]),
        (Order { cents: 0, ..Order::new() }, [none, some, none, some]),
        (Order { cents: u64::MAX, from: 0, ..Order::new() }, [none, none, some, none]),
        (Order { to: 0, ..Order::new() }, [none; 4]),
    ];
    // To the same account.
    let order = Order::new();
    let same = (Order { to: order.from, ..order }, [some; 4]);
    for (order, waits) in orders.into_iter().chain([same]) {
        let town = Town::new([order.slow(Kind::Debit, &waits[..2]), order.slow(Kind::Credit, &waits[2..])]);
        let (returned, took) = town.call(&order);
        let due: Duration = waits.iter().sum();
        let arrived = town.calls().iter().find(|call| call.kind == Kind::Credit).and_then(|call| call.done);
        assert!(
            arrived.is_some_and(|arrived| arrived <= took + GRAIN),
            "`transfer` returned {returned:?} after {}, before the money had arrived in account {}: {}. Await the handle of a task \
             whose outcome you need.",
            say(took),
            order.to,
            match arrived {
                Some(arrived) => format!("that was after {}", say(arrived)),
                None => "the credit was not done".to_owned(),
            }
        );
        assert!(
            returned == Ok(()),
            "The bank did both steps, and `transfer` returned {returned:?}. It returns `Ok(())` then."
        );
        assert!(
            took <= due + GRAIN,
            "The money had arrived after {}, and `transfer` returned after {}. It returns at once.",
            say(due),
            say(took)
        );
        town.check_whole("`transfer` was awaited to its end", &order, &waits);
    }
}

/// A step that the bank refuses is the last one, and its refusal is what `transfer` returns.
#[test]
fn a_refusal_is_passed_on() {
    for (kind, reason) in [
        (Kind::Debit, format!("limit {}", pick(100..=999))),
        (Kind::Credit, format!("account {} is closed", pick(100..=999))),
        (Kind::Debit, String::new()),
        (Kind::Credit, String::new()),
    ] {
        let order = Order::new();
        let waits = [millis(pick(20..=90)); 4];
        let refuses = |of: Kind| if of == kind { Ends::Refused(reason.clone()) } else { Ends::Well };
        let [debit, credit] = [(Kind::Debit, 0), (Kind::Credit, 2)]
            .map(|(kind, at)| order.ends(kind, &waits[at..at + 2], refuses(kind)));
        let town = Town::new([debit, credit]);
        let (returned, took) = town.call(&order);
        let steps = if kind == Kind::Debit { 1 } else { 2 };
        let said = format!("The bank refused the {kind} ({reason:?})");
        let begun = town.calls();
        let again = begun.iter().filter(|call| call.kind == kind).count();
        assert!(
            again <= 1,
            "{said}, and was asked for that {kind} {again} times. A refusal is passed on, and there is no further step."
        );
        assert!(
            begun.len() <= steps,
            "{said}, and after that the {} began. When a step is refused, there is no further step.",
            begun.last().map_or(Kind::Credit, |call| call.kind)
        );
        assert!(
            returned == Err(Refused(reason.clone())),
            "{said}, and `transfer` returned {returned:?}. It returns the bank's refusal as it is."
        );
        let due = waits[0] * 2 * steps as u32;
        assert!(
            took <= due + GRAIN,
            "{said} after {}, and `transfer` returned after {}. It returns at once.",
            say(due),
            say(took)
        );
    }

    stage("`transfer` is dropped during a debit that is refused later");
    let order = Order::new();
    let waits = [millis(pick(50..=90)); 4];
    let town = Town::new([
        order.ends(Kind::Debit, &waits[..2], Ends::Refused("no money".to_owned())),
        order.slow(Kind::Credit, &waits[2..]),
    ]);
    vt(async {
        town.start();
        town.drop_at(Moment::After(waits[0] / 2), &order).await;
        sleep(month()).await;
    });
    let credits = town.calls().iter().filter(|call| call.kind == Kind::Credit).count();
    assert!(
        credits == 0,
        "`transfer` was dropped during the debit, the bank refused the debit, and after that the credit began. When a step is \
         refused, there is no further step, whether somebody waits or not."
    );
}

/// A panic of the bank reaches the caller as a panic, and nobody else.
#[test]
fn a_panic_is_passed_on() {
    for kind in [Kind::Debit, Kind::Credit] {
        let (order, other) = (Order::new().at(10), Order::new().at(20));
        let waits = [millis(pick(20..=90)); 4];
        let ends = |of: Kind| if of == kind { Ends::Panics } else { Ends::Well };
        let [debit, credit] = [(Kind::Debit, 0), (Kind::Credit, 2)]
            .map(|(kind, at)| order.ends(kind, &waits[at..at + 2], ends(kind)));
        let town = Town::new([
            debit,
            credit,
            other.slow(Kind::Debit, &waits[..2]),
            other.slow(Kind::Credit, &waits[2..]),
        ]);
        stage(format!("the {kind} panics"));
        let (calls, _) = vt(async {
            town.start();
            together(POLLS, [&order, &other].map(|order| order.transfer(&town))).await
        });
        town.check_home();
        let [panicked, well] = <[_; 2]>::try_from(calls).expect("two calls");
        assert!(
            matches!(panicked.ended, Ended::Panicked(_)),
            "The bank panicked in the {kind}, and `transfer` {}. The caller must not take that for the bank's answer: `transfer` \
             panics as well.",
            panicked.how()
        );
        let after =
            town.calls().iter().filter(|call| call.account == order.to && call.kind == Kind::Credit).count();
        assert!(
            kind == Kind::Credit || after == 0,
            "The bank panicked in the debit, and after that the credit began. There is no further step."
        );
        assert!(
            well.ended == Ended::Returned(Ok(())),
            "The bank panicked in one transfer, and another one {}. A panic is a matter of its own transfer.",
            well.how()
        );
    }
}

/// A transfer that was never polled moves no money.
#[test]
fn what_was_never_polled_moves_nothing() {
    let order = Order::new();
    let waits = [millis(pick(20..=90)); 4];
    let town = Town::new([order.slow(Kind::Debit, &waits[..2]), order.slow(Kind::Credit, &waits[2..])]);
    vt(async {
        town.start();
        stage("`transfer` is called, and its future is dropped unpolled");
        let never = order.transfer(&town);
        assert_send(&never);
        settle().await;
        let early = town.calls().len();
        drop(never);
        sleep(month()).await;
        let begun = town.calls().len().max(early);
        assert!(
            begun == 0,
            "`transfer` was called and never polled, and {} began all the same. Its future does nothing until it is polled, so the \
             task must not begin earlier either.",
            counted(begun, "step")
        );
    });
    town.check_home();
}

/// However long the bank takes, `transfer` waits, and is woken when there is something to do.
#[test]
fn waiting_costs_nothing() {
    let long = Duration::from_secs(pick(20..=40) * 24 * 3600);
    let order = Order::new();
    for waits in [[long; 4], [Duration::ZERO, long, Duration::ZERO, long], [long, millis(3), millis(1), long]]
    {
        let town = Town::new([order.slow(Kind::Debit, &waits[..2]), order.slow(Kind::Credit, &waits[2..])]);
        let (returned, took) = town.call(&order);
        let due: Duration = waits.iter().sum();
        assert!(
            returned == Ok(()) && took + GRAIN >= due,
            "`transfer` returned {returned:?} after {}. The bank takes {}, and then its answer is `Ok(())`. `transfer` waits for as \
             long as the bank takes.",
            say(took),
            say(due)
        );
        town.check_whole("`transfer` was awaited to its end", &order, &waits);
    }

    stage("another task goes on with `transfer`");
    let waits = [millis(pick(20..=90)); 4];
    let town = Town::new([order.slow(Kind::Debit, &waits[..2]), order.slow(Kind::Credit, &waits[2..])]);
    let (returned, _) = vt(async {
        town.start();
        handed_on("`transfer`", POLLS, order.transfer(&town)).await
    });
    assert!(returned == Ok(()), "Another task went on with `transfer`, and it returned {returned:?}.");
}

/// Hundreds of transfers at once: each for itself, those that are dropped and those that are not.
#[test]
fn transfers_are_independent() {
    stage("a slow transfer and a quick one");
    let (slow, quick) = (Order::new().at(10), Order::new().at(20));
    let (days, short) = ([month(); 4], [millis(2); 4]);
    let town = Town::new([
        slow.slow(Kind::Debit, &days[..2]),
        slow.slow(Kind::Credit, &days[2..]),
        quick.slow(Kind::Debit, &short[..2]),
        quick.slow(Kind::Credit, &short[2..]),
    ]);
    vt(async {
        town.start();
        let both = side_by_side("`transfer`", POLLS, slow.transfer(&town), quick.transfer(&town)).await;
        assert!(both == (Ok(()), Ok(())), "Two transfers ran side by side, and returned {both:?}.");
    });

    let orders: Vec<Order> = (0..pick(200..=300)).map(|n| Order::new().at(10 * n)).collect();
    let waits = |n: usize| [millis(10 + n as u64), millis(40), millis(30), millis(20)];
    let steps = orders.iter().enumerate().flat_map(|(n, order)| {
        let waits = waits(n);
        [order.slow(Kind::Debit, &waits[..2]), order.slow(Kind::Credit, &waits[2..])]
    });
    let town = Town::new(steps);
    stage(format!("{} transfers at once, and every third one is dropped", orders.len()));
    let calls = vt(async {
        town.start();
        let calls = orders.iter().enumerate().map(|(n, order)| {
            let (transfer, dropped) = (order.transfer(&town), n % 3 == 0);
            async move {
                // Some are dropped before their own tasks had a turn, and some later.
                let limit = if dropped { millis(20 * (n as u64 % 4)) } else { Duration::MAX };
                timeout(limit, transfer).await.ok()
            }
        });
        let calls = together(POLLS, calls).await;
        sleep(month()).await;
        calls
    })
    .0;
    town.check_home();
    for (n, (call, order)) in calls.into_iter().zip(&orders).enumerate() {
        let returned = call.returned("`transfer`");
        assert!(
            returned.is_none_or(|returned| returned == Ok(())),
            "{} transfers ran at once. The bank did both steps of each, and one of them did not return `Ok(())`.",
            orders.len()
        );
        let said = format!(
            "{} transfers ran at once, every third one was dropped, and this one was number {}",
            orders.len(),
            n + 1
        );
        town.check_whole(&said, order, &waits(n));
    }
}

/// Tokio's clock counts whole milliseconds and may round up.
const GRAIN: Duration = Duration::from_millis(3);

/// More polls than a transfer needs.
const POLLS: usize = 30;

/// What a learner breaks.
const RULE: &str = "A transfer that was polled runs to its end. Work that must not stop half-way needs an owner that does not drop it.";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Debit,
    Credit,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Debit => "debit",
            Self::Credit => "credit",
        })
    }
}

/// When a transfer is dropped.
#[derive(Clone, Copy)]
enum Moment {
    After(Duration),
    Polls(usize),
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::After(time) => write!(f, "after {}", say(*time)),
            Self::Polls(polls) => write!(f, "when it has been polled {}", counted(*polls, "time")),
        }
    }
}

#[derive(Clone, Copy)]
struct Order {
    from: u64,
    to: u64,
    cents: u64,
}

/// What the bank does for a step of one account.
type Plan = ((Kind, u64), (Vec<Duration>, Ends));

#[derive(Clone)]
enum Ends {
    Well,
    Refused(String),
    Panics,
}

impl Order {
    fn new() -> Self {
        let from = pick(1_000..=4_999_999);
        Self { from, to: from + pick(1..=4_999_999), cents: pick(100..=99_999) }
    }

    /// With accounts of its own, among many.
    fn at(self, place: u64) -> Self {
        Self { from: 10_000_000 + place, to: 10_000_001 + place, ..self }
    }

    fn slow(&self, kind: Kind, waits: &[Duration]) -> Plan {
        self.ends(kind, waits, Ends::Well)
    }

    fn ends(&self, kind: Kind, waits: &[Duration], ends: Ends) -> Plan {
        let account = if kind == Kind::Debit { self.from } else { self.to };
        ((kind, account), (waits.to_vec(), ends))
    }

    fn transfer(&self, town: &Town) -> impl Future<Output = Result<(), Refused>> + Send + 'static + use<> {
        transfer(Arc::clone(&town.bank), self.from, self.to, self.cents)
    }
}

/// A bank, and what was seen of it.
struct Town {
    bank: Arc<Slow>,
    lane: Lane,
}

struct Slow {
    plans: HashMap<(Kind, u64), (Vec<Duration>, Ends)>,
    seen: Arc<Mutex<Seen>>,
    lanes: [Lane; 2],
    home: ThreadId,
}

#[derive(Default)]
struct Seen {
    start: Option<Instant>,
    calls: Vec<Call>,
    elsewhere: bool,
    /// Whether `transfer` itself is polled outside of all tasks. Then a call within one is in another task.
    from_outside: bool,
}

/// One call of the bank.
#[derive(Clone)]
struct Call {
    kind: Kind,
    account: u64,
    cents: u64,
    begun: Option<Duration>,
    done: Option<Duration>,
    dropped: Option<Duration>,
    /// Whether a spawned task polled it.
    in_a_task: bool,
}

impl Town {
    fn new(plans: impl IntoIterator<Item = Plan>) -> Self {
        let timeline = Timeline::new();
        let lane = timeline.lane("transfer");
        let lanes = ["debit", "credit"].map(|name| timeline.lane(name));
        let home = thread::current().id();
        let bank = Slow { plans: plans.into_iter().collect(), seen: Arc::default(), lanes, home };
        Self { bank: Arc::new(bank), lane }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        lock(&self.bank.seen)
    }

    fn start(&self) {
        self.seen().start = Some(Instant::now());
    }

    /// The calls that have begun, in the order in which they were made.
    fn calls(&self) -> Vec<Call> {
        self.seen().calls.iter().filter(|call| call.begun.is_some()).cloned().collect()
    }

    /// Awaits a transfer to its end.
    fn call(&self, order: &Order) -> (Result<(), Refused>, Duration) {
        stage("`transfer` is awaited to its end");
        let (called, _) = vt(async {
            self.start();
            let called = timed("`transfer`", POLLS, self.lane.watch(order.transfer(self))).await;
            let returned = called.as_ref().map_or(Duration::MAX, |called| called.took);
            settle().await;
            // What was begun and not awaited comes to its end here.
            if returned < month() {
                sleep(month()).await;
            }
            called
        });
        self.check_home();
        let called = called.unwrap_or_else(|text| panic!("{text}"));
        (called.output, called.took)
    }

    /// Drops a transfer at that moment, and says so.
    async fn drop_at(&self, moment: Moment, order: &Order) -> String {
        self.seen().from_outside = true;
        let start = Instant::now();
        let call = async {
            let call = timed("`transfer`", POLLS, self.lane.watch(order.transfer(self))).await;
            call.unwrap_or_else(|text| panic!("{text}"));
        };
        let returned = match moment {
            Moment::After(time) => timeout(time, call).await.is_ok(),
            Moment::Polls(most) => {
                let (mut call, mut polls) = (pin!(call), 0);
                poll_fn(|context| {
                    polls += 1;
                    match call.as_mut().poll(context) {
                        Poll::Ready(()) => Poll::Ready(true),
                        Poll::Pending if polls == most => Poll::Ready(false),
                        Poll::Pending => Poll::Pending,
                    }
                })
                .await
            }
        };
        let after = say(start.elapsed());
        if returned {
            return format!("`transfer` returned after {after}");
        }
        let calls = self.calls();
        let under_way = calls.iter().find(|call| call.done.is_none());
        let doing = match (under_way, calls.last()) {
            (Some(call), _) => format!("while the {} was under way", call.kind),
            (None, Some(call)) => format!("when the {} was done", call.kind),
            (None, None) => "after its first poll".to_owned(),
        };
        format!("`transfer` was dropped after {after}, {doing}")
    }

    /// If a thread is about to call the bank, that is the better message.
    fn wait_for_a_thread(&self) {
        let start = Clock::now();
        while !self.seen().elsewhere && start.elapsed() < Duration::from_millis(300) {
            thread::yield_now();
        }
        self.check_home();
    }

    fn check_home(&self) {
        assert!(
            !self.seen().elsewhere,
            "`transfer` called the bank on another thread than the runtime's. Start no threads and no other runtime: a task can \
             outlive its caller on the thread that there is."
        );
    }

    /// Checks that this transfer was made: once, whole, at its time, and nothing else with its accounts.
    fn check_whole(&self, said: &str, order: &Order, waits: &[Duration; 4]) {
        self.check_home();
        let Order { from, to, cents } = *order;
        let from_outside = self.seen().from_outside;
        let own = |call: &&Call| call.account == from || call.account == to;
        let all: Vec<Call> = self.seen().calls.iter().filter(own).cloned().collect();
        let begun: Vec<&Call> = all.iter().filter(|call| call.begun.is_some()).collect();
        for call in &begun {
            let (kind, account) = (call.kind, call.account);
            let meant = if kind == Kind::Debit { from } else { to };
            assert!(
                account == meant,
                "{said}, and account {account} got money back. {RULE} A refund is another transfer, which may fail as well."
            );
            assert!(
                call.cents == cents,
                "{said}, and the {kind} was for {} cents. The transfer was of {cents} cents.",
                call.cents
            );
        }
        let unpolled = all.iter().find(|call| call.begun.is_none()).map_or(String::new(), |call| {
            format!(
                " (`{}` was called for account {}, and the future that it returned was never polled.)",
                call.kind, call.account
            )
        });
        for call in &begun {
            let (kind, account) = (call.kind, call.account);
            if call.done.is_some() || call.dropped.is_none() {
                continue;
            }
            let task = if call.in_a_task && from_outside {
                " It was in a task, and the task ended with `transfer`: its owner aborts it when it is dropped."
            } else {
                ""
            };
            let lost = match kind {
                Kind::Debit => format!("nobody knows whether account {account} was debited"),
                Kind::Credit => {
                    format!("{cents} cents have left account {from}, and may not be in account {to}")
                }
            };
            panic!("{said}, and the {kind} was cancelled: {lost}.{task}{unpolled} {RULE}");
        }
        let step = |kind: Kind| begun.iter().filter(|call| call.kind == kind).collect::<Vec<_>>();
        let (debits, credits) = (step(Kind::Debit), step(Kind::Credit));
        let Some(debit) = debits.first() else {
            self.wait_for_a_thread();
            panic!("{said}, and the debit never began. {RULE}")
        };
        let Some(credit) = credits.first() else {
            panic!(
                "{said}, and the credit never began: {cents} cents have left account {from}, and are not in account {to}.{unpolled} {RULE}"
            )
        };
        for (kind, calls) in [(Kind::Debit, &debits), (Kind::Credit, &credits)] {
            assert!(
                calls.len() == 1,
                "{said}, and the {kind} was made {} times. Each step is made once.",
                calls.len()
            );
        }
        let (half, whole) = (waits[0] + waits[1], waits.iter().sum::<Duration>());
        for (call, due) in [(debit, half), (credit, whole)] {
            let done = call.done.unwrap_or(Duration::MAX);
            assert!(
                done <= due + GRAIN,
                "{said}, and the {} was done after {}. With this bank it is due after {}: no step waits for anything but the one \
                 before it.",
                call.kind,
                say(done),
                say(due)
            );
        }
        assert!(
            credit.begun >= debit.done,
            "{said}. The credit began after {}, and the debit was done after {}. The credit comes when the debit is done.",
            say(credit.begun.unwrap_or_default()),
            say(debit.done.unwrap_or_default())
        );
    }
}

impl Slow {
    fn call(
        &self,
        kind: Kind,
        account: u64,
        cents: u64,
    ) -> impl Future<Output = Result<(), Refused>> + Send + 'static + use<> {
        let number = {
            let mut seen = lock(&self.seen);
            let (begun, done, dropped) = (None, None, None);
            seen.calls.push(Call { kind, account, cents, begun, done, dropped, in_a_task: false });
            seen.calls.len() - 1
        };
        let noted = Noted { seen: Arc::clone(&self.seen), number };
        let (waits, ends) = self.plans.get(&(kind, account)).cloned().unwrap_or((Vec::new(), Ends::Well));
        let home = self.home;
        self.lanes[kind as usize].watch(async move {
            let noted = noted;
            noted.note(|call, now| {
                call.begun = Some(now);
                call.in_a_task = task::try_id().is_some();
            });
            if thread::current().id() == home {
                for wait in waits.into_iter().filter(|wait| !wait.is_zero()) {
                    sleep(wait).await;
                }
            } else {
                lock(&noted.seen).elsewhere = true;
            }
            noted.note(|call, now| call.done = Some(now));
            match ends {
                Ends::Well => Ok(()),
                Ends::Refused(reason) => Err(Refused(reason)),
                // hermetic: the panic is what is tested
                Ends::Panics => resume_unwind(Box::new("the bank is down")),
            }
        })
    }
}

impl Bank for Slow {
    fn debit(&self, account: u64, cents: u64) -> impl Future<Output = Result<(), Refused>> + Send {
        self.call(Kind::Debit, account, cents)
    }

    fn credit(&self, account: u64, cents: u64) -> impl Future<Output = Result<(), Refused>> + Send {
        self.call(Kind::Credit, account, cents)
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
        let now = seen.start.map_or(Duration::ZERO, |start| start.elapsed());
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

/// Longer than any transfer that a test drops.
fn month() -> Duration {
    Duration::from_secs(30 * 24 * 3600)
}

/// Exact to the millisecond, where that may matter.
fn say(time: Duration) -> String {
    if time < Duration::from_secs(1_000) { format!("{} ms", time.as_millis()) } else { in_words(time) }
}

fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}
