//! Hidden tests of `stalled_buffer`: whether the requests make progress, how many accounts are in hand, and when each statement is filed.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll};
use std::thread::{self, ThreadId};
use std::time::Duration;

use exercise::{Bank, statements};
use futures::Stream;
use testkit::{
    InFlight, Lane, Timeline, counted, handed_on, in_words, panic_of, pick, settle, side_by_side, stage,
    timed, vt,
};
use tokio::sync::Semaphore;
use tokio::time::{Instant, Sleep, sleep, sleep_until, timeout};

/// While a statement is being filed, the requests that have begun go on.
#[test]
fn requests_go_on_while_a_statement_is_filed() {
    for at_once in [2, picked(3..=5)] {
        let night = Night::new(at_once, &mixed(8));
        night.run();
        night.check_standstill();
    }
}

/// With fewer connections than requests, everybody waits in line, and the job comes to its end.
#[test]
fn one_connection_is_enough() {
    for (connections, at_once) in [(1, 2), (1, picked(4..=6)), (2, 3)] {
        let mut night = Night::new(at_once, &mixed(8));
        night.pool = Some(Arc::new(Semaphore::new(connections)));
        night.run();
        night.check_order();
        night.check_hand();
    }
}

/// Statements are filed one after another, in the order of the accounts, each as soon as possible.
#[test]
fn statements_are_filed_in_order() {
    let at_once = picked(3..=5);
    // The first request takes the longest.
    let mut times: Vec<_> =
        (0..12).map(|n| (millis(1_200 - 80 * n - pick(0..=9)), millis(30 + 50 * (n % 3)))).collect();
    times[6].0 = millis(pick(2_000..=3_000));
    let night = Night::new(at_once, &times);
    night.run();
    night.check();
}

/// As many accounts are in hand as allowed, and not one more.
#[test]
fn as_many_are_in_hand_as_allowed() {
    for at_once in [picked(3..=5), 2, 1] {
        // Filing takes no time, then a long time.
        for files in [Duration::ZERO, millis(pick(2_000..=3_000))] {
            let times: Vec<_> = mixed(4 * at_once + 5).into_iter().map(|(takes, _)| (takes, files)).collect();
            let night = Night::new(at_once, &times);
            night.run();
            night.check();
        }
    }
}

/// The accounts may come one by one: those that are in hand do not wait for the next one.
#[test]
fn accounts_may_come_slowly() {
    let mut night = Night::new(picked(3..=5), &mixed(9));
    let mut at = Duration::ZERO;
    for (n, account) in night.accounts.iter_mut().enumerate() {
        // At first they come one by one, each long after the one before is filed; then some come together.
        at += [millis(pick(2_500..=4_000)), millis(3_000), Duration::ZERO, millis(30)][n % 4];
        account.comes = at;
    }
    night.run();
    night.check();
}

/// There may be no account, one, or hundreds; a balance may be 0, negative or equal to another; an account may come twice.
#[test]
fn any_accounts() {
    for (at_once, count) in [(3, 0), (3, 1), (4, 3), (1_000, 60), (picked(20..=50), picked(200..=300))] {
        stage(format!("`at_once` is {at_once}, and there are {}", counted(count, "account")));
        let times: Vec<_> = mixed(count).into_iter().map(|(takes, files)| (takes / 10, files / 10)).collect();
        let night = Night::new(at_once, &times);
        night.run();
        night.check();
    }
    let number = pick(10..=u64::MAX - 1);
    let list =
        [(number, 7), (0, 0), (number, 7), (number, 7), (u64::MAX, i64::MIN), (1, 0), (2, -1), (3, i64::MAX)];
    for at_once in [1, 2, 50] {
        let mut night = Night::new(at_once, &mixed(list.len()));
        for (account, (number, balance)) in night.accounts.iter_mut().zip(list) {
            (account.number, account.balance) = (number, balance);
        }
        night.run();
        night.check_order();
        night.check_hand();
    }
}

/// A request or a statement may take months, or no time at all.
#[test]
fn any_times() {
    let month = Duration::from_secs(pick(20..=40) * 24 * 3600);
    let none = Duration::ZERO;
    for times in [
        vec![(none, none); 20],
        vec![(none, millis(7)); 20],
        vec![
            (millis(3), month),
            (month, millis(1)),
            (millis(1), millis(2)),
            (month, month),
            (millis(1), none),
        ],
    ] {
        let night = Night::new(picked(2..=4), &times);
        night.run();
        night.check();
    }
}

/// However long a request takes, nobody gets up to look.
#[test]
fn waiting_costs_nothing() {
    let month = Duration::from_secs(pick(20..=40) * 24 * 3600);
    let night = Night::new(2, &[(millis(50), millis(10)), (month, millis(10)), (millis(50), millis(10))]);
    night.run();
    night.check();
}

/// When the job is dropped half-way, everything that it started ends with it.
#[test]
fn nothing_is_left_when_it_is_dropped() {
    for filing in [false, true] {
        let (takes, files) = (millis(pick(200..=300)), millis(pick(500..=900)));
        let night =
            Night::new(3, &[(takes, files), (takes * 9, files), (takes * 9, files), (takes * 9, files)]);
        let after = if filing { takes + files / 2 } else { takes / 2 };
        stage(format!("`statements` is dropped after {}", say(after)));
        let outcome = panic_of(|| {
            vt(async {
                night.seen().start = Some(Instant::now());
                drop(timeout(after, night.call()).await);
                settle().await;
                let seen = night.seen();
                let left = |calls: &BTreeMap<usize, Call>| {
                    calls.values().filter(|call| call.dropped.is_none()).count()
                };
                (left(&seen.requests), left(&seen.filings))
            })
            .0
        });
        let (requests, filings) = outcome.unwrap_or_else(|text| panic!("{text}"));
        assert!(
            requests == 0 && filings == 0,
            "`statements` was dropped after {}, and {} and {} were still under way afterwards. What it has started ends with it.",
            say(after),
            counted(requests, "request"),
            counted(filings, "filing")
        );
    }
}

/// It may be polled by one task, and from then on by another; two jobs do not wait for each other.
#[test]
fn jobs_are_independent() {
    stage("another task goes on with `statements`");
    let night = Night::new(2, &mixed(5));
    night.poll_by_hand(async { handed_on("`statements`", 300, night.call()).await });
    night.check_order();

    stage("two jobs run at the same time, a slow one and a quick one");
    let slow = Night::new(2, &[(millis(pick(500..=900)), millis(300)); 4]);
    let quick = Night::new(2, &[(millis(3), millis(2)); 4]);
    slow.poll_by_hand(async {
        quick.seen().start = Some(Instant::now());
        side_by_side("`statements`", 300, slow.call(), quick.call()).await;
    });
    slow.check_order();
    quick.check_order();
}

/// Tokio's clock counts whole milliseconds and may round up.
const GRAIN: Duration = Duration::from_millis(1);

/// Accounts with a lane of their own.
const LANES: usize = 8;

/// A request comes in so many steps, and between two of them it has to be polled.
const STEPS: u32 = 4;

/// The accounts of a night, a bank, and what was seen.
struct Night {
    accounts: Vec<Account>,
    at_once: usize,
    pool: Option<Arc<Semaphore>>,
    seen: Arc<Mutex<Seen>>,
    /// Requests that are under way, and statements that are being filed.
    asking: InFlight,
    filing: InFlight,
    timeline: Timeline,
    lane: Lane,
}

#[derive(Clone)]
struct Account {
    number: u64,
    balance: i64,
    /// When it is there; how long its request and its filing take.
    comes: Duration,
    takes: Duration,
    files: Duration,
}

#[derive(Default)]
struct Seen {
    start: Option<Instant>,
    taken: usize,
    over: bool,
    after_the_end: bool,
    /// Accounts that were asked for, and those that were filed, by their place.
    places: [BTreeSet<usize>; 2],
    /// The calls of `balance`, and of `file`, by the place of the account, once they have begun.
    requests: BTreeMap<usize, Call>,
    filings: BTreeMap<usize, Call>,
    /// What was filed, in its order.
    filed: Vec<(u64, i64)>,
    in_hand: usize,
    elsewhere: bool,
    returned: Option<Duration>,
}

#[derive(Clone, Copy, Default)]
struct Call {
    begun: Duration,
    done: Option<Duration>,
    dropped: Option<Duration>,
}

impl Night {
    /// How long each account's request and filing take.
    fn new(at_once: usize, times: &[(Duration, Duration)]) -> Self {
        let base = pick(100..=99_999);
        let account = |(n, &(takes, files)): (u64, _)| Account {
            number: base + n,
            balance: (base * 31 + n * 7) as i64,
            comes: Duration::ZERO,
            takes,
            files,
        };
        let accounts: Vec<_> = (0..).zip(times).map(account).collect();
        let timeline = Timeline::new();
        let lane = timeline.lane("statements");
        timeline.lane("filing");
        for n in 0..accounts.len() {
            timeline.lane(lane_of(n));
        }
        let [asking, filing] = [(); 2].map(|()| InFlight::new());
        Self { accounts, at_once, pool: None, seen: Arc::default(), asking, filing, timeline, lane }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        lock(&self.seen)
    }

    /// Calls `statements`, and notes how many accounts are in hand whenever it has been polled.
    async fn call(&self) {
        let numbers = self.accounts.iter().map(|account| (account.comes, account.number)).collect();
        let accounts = Accounts { numbers, timer: None, seen: Arc::clone(&self.seen) };
        let database = Database {
            accounts: self.accounts.clone(),
            pool: self.pool.clone(),
            seen: Arc::clone(&self.seen),
            asking: self.asking.clone(),
            filing: self.filing.clone(),
            timeline: self.timeline.clone(),
            home: thread::current().id(),
        };
        let mut call = pin!(statements(accounts, self.at_once, Arc::new(database)));
        poll_fn(|cx| {
            let polled = call.as_mut().poll(cx);
            let mut seen = self.seen();
            seen.in_hand = seen.in_hand.max(seen.taken.saturating_sub(seen.filings.len()));
            polled
        })
        .await;
    }

    fn poll_by_hand(&self, work: impl Future<Output = ()>) {
        let outcome = panic_of(|| {
            vt(async {
                self.seen().start = Some(Instant::now());
                work.await;
            })
        });
        outcome.unwrap_or_else(|text| panic!("{text}"));
    }

    /// Carries `statements` out, in virtual time.
    fn run(&self) {
        stage(format!(
            "`statements` has been called with {}, {} at once",
            counted(self.accounts.len(), "account"),
            self.at_once
        ));
        let polls = 40 * self.accounts.len() + 200;
        let outcome = panic_of(|| {
            vt(async {
                self.seen().start = Some(Instant::now());
                let called = timed("`statements`", polls, self.lane.watch(self.call())).await?;
                self.seen().returned = Some(called.took);
                Ok(())
            })
            .0
        });
        assert!(
            !self.seen().elsewhere,
            "The bank was called on another thread than the runtime's. Start no threads and no other runtime: tasks share the thread."
        );
        let failed = outcome.and_then(|outcome: Result<(), String>| outcome).err();
        if let Some(text) = failed {
            if text.contains("had not returned") {
                self.stuck();
            }
            panic!("{text}");
        }
        assert!(
            !self.seen().after_the_end,
            "`statements` polled `accounts` again after it had returned `None`. A stream may panic then, or come back with more."
        );
    }

    /// It never returned.
    fn stuck(&self) {
        let all = self.accounts.len();
        let filed = self.seen().filings.values().filter(|call| call.done.is_some()).count();
        let filing = self.seen().filings.iter().find(|(_, call)| call.done.is_none()).map(|(n, _)| *n);
        let waits = match filing {
            Some(n) if self.pool.is_some() => {
                format!("that of account {} waits for a connection", self.accounts[n].number)
            }
            Some(n) => format!("that of account {} is not done", self.accounts[n].number),
            None => "none is being filed".to_owned(),
        };
        let forgotten = self.standstills().into_iter().find(|(_, _, until)| until.is_none());
        match forgotten {
            Some((n, since, _)) => panic!(
                "`statements` never returned: {filed} of {all} statements are filed, and {waits}. The request for account {} was \
                 woken after {}, and nobody has polled it since. A future inside a stream makes progress only while the stream is polled.",
                self.accounts[n].number,
                say(since)
            ),
            None => panic!(
                "`statements` never returned: {filed} of {all} statements are filed, and {waits}. Nothing is left that could wake it."
            ),
        }
    }

    /// Requests that were woken and not polled at once: the place of the account, when it was woken, when it was polled.
    fn standstills(&self) -> Vec<(usize, Duration, Option<Duration>)> {
        let mut found = Vec::new();
        let events = self.timeline.timed();
        for n in 0..self.accounts.len().min(LANES) {
            let lane = lane_of(n);
            let mut woken = None;
            for (event, at) in events.iter().filter(|(event, _)| event.starts_with(&lane)) {
                match &event[lane.len()..] {
                    " wake" => woken = woken.or(Some(*at)),
                    " poll" => {
                        found.extend(
                            woken
                                .take()
                                .filter(|since| *at > *since + GRAIN)
                                .map(|since| (n, since, Some(*at))),
                        );
                    }
                    // At the end of the test, if nobody polled it until then.
                    " drop" => found.extend(
                        woken.take().filter(|since| *at > *since + GRAIN).map(|since| (n, since, None)),
                    ),
                    _ => {}
                }
            }
        }
        found
    }

    fn check_standstill(&self) {
        let longest =
            self.standstills().into_iter().max_by_key(|(_, since, until)| until.map(|until| until - *since));
        let Some((n, since, until)) = longest else { return };
        let until = until.map_or("the end".to_owned(), say);
        let seen = self.seen();
        let filing = seen.filings.iter().find(|(_, call)| call.begun <= since && call.done > Some(since));
        let meanwhile = filing.map_or(String::new(), |(m, _)| {
            format!(" Meanwhile the statement of account {} was being filed.", self.accounts[*m].number)
        });
        panic!(
            "The request for account {} could have gone on after {}, and nobody polled it until {until}.{meanwhile} A future \
             inside a stream makes progress only while the stream is polled.",
            self.accounts[n].number,
            say(since)
        );
    }

    fn check(&self) {
        self.check_order();
        self.check_hand();
        self.check_requests();
        self.check_filings();
    }

    /// Each account has one statement, with its balance, and they were filed one after another, in order.
    fn check_order(&self) {
        let seen = self.seen();
        for (n, account) in self.accounts.iter().enumerate() {
            if let Some(Call { done: None, dropped: Some(at), .. }) = seen.requests.get(&n) {
                panic!(
                    "The request for account {} was dropped after {}, before it was done: it needs {}. Give each request the time that it needs.",
                    account.number,
                    say(*at),
                    say(account.takes)
                );
            }
            if let Some(Call { done: None, dropped: Some(at), .. }) = seen.filings.get(&n) {
                let returned = seen.returned.unwrap_or(Duration::MAX);
                assert!(
                    *at < returned,
                    "`statements` returned after {}, and the statement of account {} was still being filed. It returns when every \
                     statement is filed.",
                    say(returned),
                    account.number
                );
                panic!(
                    "The statement of account {} was being filed, and that was cancelled after {}: it needs {}. Give each statement the time \
                     that it needs.",
                    account.number,
                    say(*at),
                    say(account.files)
                );
            }
        }
        let most = self.filing.max();
        assert!(
            most <= 1,
            "{most} statements were being filed at the same time. They are filed one after another."
        );
        let all = self.accounts.len();
        for (n, account) in self.accounts.iter().enumerate() {
            let Some(&(number, balance)) = seen.filed.get(n) else {
                panic!(
                    "`statements` returned when {} of {all} statements had been filed. Statement {} is that of account {}, with balance {}. \
                     Each account gets a statement.",
                    seen.filed.len(),
                    n + 1,
                    account.number,
                    account.balance
                )
            };
            assert!(
                number == account.number,
                "Statement {} was that of account {number}, where account {} was next, whose balance is {}. Statements are filed in the order of the accounts, \
                 one for each.",
                n + 1,
                account.number,
                account.balance
            );
            assert!(
                balance == account.balance,
                "Statement {}, of account {number}, was filed with balance {balance}, and the bank had answered {}.",
                n + 1,
                account.balance
            );
        }
        assert!(
            seen.filed.len() == all,
            "There were {}, and {} were filed.",
            counted(all, "account"),
            counted(seen.filed.len(), "statement")
        );
    }

    fn check_hand(&self) {
        let (asking, most, at_once) = (self.asking.max(), self.seen().in_hand, self.at_once);
        assert!(
            asking <= at_once,
            "{asking} requests were under way at the same time, so {} accounts were in hand, and `at_once` is {at_once}.",
            most.max(asking)
        );
        assert!(
            most <= at_once,
            "{most} accounts were in hand, and `at_once` is {at_once}. An account is in hand from the moment when it is taken out of \
             `accounts` until its statement begins to be filed."
        );
    }

    /// Whenever no statement is being filed, as many accounts are in hand as allowed.
    fn check_requests(&self) {
        let seen = self.seen();
        for (n, account) in self.accounts.iter().enumerate() {
            let before = n.checked_sub(self.at_once).and_then(|n| seen.filings[&n].done).unwrap_or_default();
            let mut room = account.comes.max(before);
            // While a statement is being filed, nobody has to look for accounts.
            for filing in seen.filings.values() {
                if filing.begun <= room {
                    room = room.max(filing.done.unwrap_or_default());
                }
            }
            let begun = seen.requests[&n].begun;
            if begun <= room + GRAIN {
                continue;
            }
            let most = self.asking.max();
            assert!(
                most >= self.at_once.min(self.accounts.len()),
                "At most {most} of {} requests {} under way at the same time, and `at_once` is {}.",
                self.accounts.len(),
                if most == 1 { "was" } else { "were" },
                self.at_once
            );
            panic!(
                "The request for account {} began after {}. After {} no statement was being filed, and fewer than {} accounts were in \
                 hand: whenever that is so, the next account is taken and its balance asked for.",
                account.number,
                say(begun),
                say(room),
                self.at_once
            );
        }
    }

    /// Each statement is filed as soon as its balance is there and the one before is filed.
    fn check_filings(&self) {
        let seen = self.seen();
        let mut free = Duration::ZERO;
        for (n, account) in self.accounts.iter().enumerate() {
            let (request, filing) = (&seen.requests[&n], &seen.filings[&n]);
            let there = request.done.unwrap_or_default();
            let due = there.max(free);
            assert!(
                filing.begun <= due + GRAIN,
                "The balance of account {} was there after {}, and the statement before it was filed after {}. Its own statement began \
                 to be filed after {}: {} late.",
                account.number,
                say(there),
                say(free),
                say(filing.begun),
                say(filing.begun - due)
            );
            free = filing.done.unwrap_or_default();
        }
    }
}

fn lane_of(n: usize) -> String {
    if n < LANES { format!("request {}", n + 1) } else { "more requests".to_owned() }
}

/// Numbers of accounts, each of which is there from some time on.
struct Accounts {
    numbers: VecDeque<(Duration, u64)>,
    timer: Option<Pin<Box<Sleep>>>,
    seen: Arc<Mutex<Seen>>,
}

impl Stream for Accounts {
    type Item = u64;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<u64>> {
        let this = &mut *self;
        let Some((at, _)) = this.numbers.front() else {
            let mut seen = lock(&this.seen);
            seen.after_the_end |= seen.over;
            seen.over = true;
            return Poll::Ready(None);
        };
        let start = lock(&this.seen).start.unwrap_or_else(Instant::now);
        if start.elapsed() < *at {
            let timer = this.timer.get_or_insert_with(|| Box::pin(sleep_until(start + *at)));
            if timer.as_mut().poll(cx).is_pending() {
                return Poll::Pending;
            }
        }
        this.timer = None;
        lock(&this.seen).taken += 1;
        Poll::Ready(this.numbers.pop_front().map(|(_, number)| number))
    }
}

struct Database {
    accounts: Vec<Account>,
    pool: Option<Arc<Semaphore>>,
    seen: Arc<Mutex<Seen>>,
    asking: InFlight,
    filing: InFlight,
    timeline: Timeline,
    home: ThreadId,
}

impl Database {
    /// Whether a call is made on another thread than the runtime's.
    fn elsewhere(&self) -> bool {
        let elsewhere = thread::current().id() != self.home;
        lock(&self.seen).elsewhere |= elsewhere;
        elsewhere
    }

    /// An account and its place. One that comes twice has two places, which are asked for, or filed, one after the other.
    fn place(&self, number: u64, calls: usize) -> Option<(usize, Account)> {
        let places = &mut lock(&self.seen).places[calls];
        let mut known = self.accounts.iter().enumerate().filter(|(_, account)| account.number == number);
        let (n, account) = known.clone().find(|(n, _)| !places.contains(n)).or_else(|| known.next())?;
        places.insert(n);
        Some((n, account.clone()))
    }

    /// Waits for a connection, if the pool is limited, and then for an answer that comes in steps.
    async fn wait(&self, time: Duration) {
        let _connection = match &self.pool {
            Some(pool) => Some(pool.acquire().await.expect("nobody closes it")),
            None => None,
        };
        if !time.is_zero() {
            for _ in 0..STEPS {
                sleep(time / STEPS).await;
            }
        }
    }
}

impl Bank for Database {
    fn balance(&self, account: u64) -> impl Future<Output = i64> + Send {
        let found = self.place(account, 0);
        let lane = self.timeline.lane(lane_of(found.as_ref().map_or(usize::MAX, |(n, _)| *n)));
        let noted = found.as_ref().map(|(n, _)| Noted::new(&self.seen, *n, |seen| &mut seen.requests));
        lane.watch(async move {
            let (Some((_, account)), Some(mut noted)) = (found, noted) else { return 0 };
            noted.begin();
            let _asking = self.asking.enter();
            if !self.elsewhere() {
                self.wait(account.takes).await;
            }
            noted.done = true;
            account.balance
        })
    }

    fn file(&self, account: u64, balance: i64) -> impl Future<Output = ()> + Send {
        let place = self.place(account, 1);
        let files = place.as_ref().map_or(Duration::ZERO, |(_, account)| account.files);
        let noted = place.map(|(n, _)| Noted::new(&self.seen, n, |seen| &mut seen.filings));
        self.timeline.lane("filing").watch(async move {
            let mut noted = noted;
            noted.iter_mut().for_each(Noted::begin);
            let _filing = self.filing.enter();
            lock(&self.seen).filed.push((account, balance));
            if !self.elsewhere() {
                self.wait(files).await;
            }
            noted.iter_mut().for_each(|noted| noted.done = true);
        })
    }
}

/// Notes how a call goes.
struct Noted {
    seen: Arc<Mutex<Seen>>,
    place: usize,
    calls: fn(&mut Seen) -> &mut BTreeMap<usize, Call>,
    begun: bool,
    done: bool,
}

impl Noted {
    fn new(
        seen: &Arc<Mutex<Seen>>,
        place: usize,
        calls: fn(&mut Seen) -> &mut BTreeMap<usize, Call>,
    ) -> Self {
        Self { seen: Arc::clone(seen), place, calls, begun: false, done: false }
    }

    fn note(&self, note: impl FnOnce(&mut Call, Duration)) {
        let mut seen = lock(&self.seen);
        let now = seen.start.map_or(Duration::ZERO, |start| start.elapsed());
        note((self.calls)(&mut seen).entry(self.place).or_default(), now);
    }

    fn begin(&mut self) {
        self.begun = true;
        self.note(|call, now| *call = Call { begun: now, ..Call::default() });
    }
}

impl Drop for Noted {
    fn drop(&mut self) {
        let done = self.done;
        if self.begun {
            self.note(|call, now| {
                call.done = done.then_some(now);
                call.dropped = Some(now);
            });
        }
    }
}

fn lock(seen: &Mutex<Seen>) -> MutexGuard<'_, Seen> {
    seen.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// Times that differ from each other: how long a request takes, and how long its statement.
fn mixed(count: usize) -> Vec<(Duration, Duration)> {
    let times = |n| {
        (millis([400, 900, 650, 500][n % 4] + pick(0..=40)), millis([700, 500, 900][n % 3] + pick(0..=40)))
    };
    (0..count).map(times).collect()
}

fn picked(range: std::ops::RangeInclusive<u64>) -> usize {
    usize::try_from(pick(range)).expect("it was picked small enough")
}

/// Exact to the millisecond, where that may matter.
fn say(time: Duration) -> String {
    if time < Duration::from_secs(1_000) { format!("{} ms", time.as_millis()) } else { in_words(time) }
}

fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}
