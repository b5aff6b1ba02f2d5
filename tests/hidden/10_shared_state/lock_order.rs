//! Hidden tests of `lock_order`: whether transfers end, who waits for whom, and where the money is.

use std::collections::HashSet;
use std::panic::resume_unwind;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use exercise::{Account, Journal, NotCovered, transfer};
use testkit::{
    Call, Ended, InFlight, Jostled, Log, Timeline, alone, check_eq, counted, dropped_at_each_poll, handed_on,
    in_words, jostle, panic_of, pick, stage, together, vt,
};
use tokio::time::{sleep, timeout};

/// Transfers between the same accounts end, in whichever direction they go, and no money is lost.
#[test]
fn both_directions_come_to_an_end() {
    let many = (0..usize_of(pick(50..=60))).flat_map(|_| [(0, 1), (1, 0)]).collect();
    let ring = [(0, 1), (1, 2), (2, 0)];
    let lists = [
        vec![(0, 1), (1, 0), (0, 1)],
        many,
        ring.repeat(3),
        ring.map(|(from, to)| (to, from)).repeat(3),
        vec![(0, 2), (2, 1), (1, 0), (2, 0), (0, 1), (1, 2)],
    ];
    for list in lists {
        // The first account's id is smaller than the second one's, or larger.
        for bank in [Bank::new(&[500, 500, 500]), Bank::new(&[500, 500, 500]).turned()] {
            let list: Vec<_> = list.iter().map(|(from, to)| (*from, *to, pick(0..=4))).collect();
            let calls = bank.run(&list);
            let ended = calls.iter().filter(|call| call.ended != Ended::Stuck).count();
            let accounts = list.iter().flat_map(|(from, to, _)| [from, to]).collect::<HashSet<_>>().len();
            let count = list.len();
            assert!(
                ended == count,
                "{count} transfers were made between {accounts} accounts in all directions, and {ended} of them ended. The \
                 others never will: no entry is being written, and each of them waits for a lock that another one holds."
            );
            bank.check(&list, calls);
        }
    }
}

/// A transfer from an account to itself ends, is written, and leaves the balance as it is.
#[test]
fn an_account_may_pay_itself() {
    for (balance, amount) in [(pick(100..=500), pick(1..=100)), (7, 7), (7, 8), (0, 0), (u64::MAX, u64::MAX)]
    {
        let bank = Bank::new(&[balance]);
        let calls = bank.run(&[(0, 0, amount)]);
        assert!(
            calls[0].ended != Ended::Stuck,
            "A transfer from an account to itself never ended. Nobody else uses that account: `transfer` waits for a lock \
             that it holds itself."
        );
        let needs = if amount <= balance { HOUR } else { Duration::ZERO };
        let after = calls[0].after;
        bank.check(&[(0, 0, amount)], calls);
        check_eq!(
            after,
            needs,
            "A transfer of {amount} from an account with {balance} to itself ended after {}. It needs {}.",
            in_words(after),
            in_words(needs)
        );
    }
    let bank = Bank::new(&[50, 50]);
    let list = [(0, 1, 5), (0, 0, 5), (1, 0, 5), (1, 1, 5), (0, 1, 5)];
    bank.check(&list, bank.run(&list));
}

/// The entries of an account are written one at a time, while nobody changes it.
#[test]
fn entries_of_an_account_are_written_one_at_a_time() {
    let list = [(0, 1, 5), (1, 0, 4), (0, 2, 3), (2, 1, 2), (0, 1, 1), (2, 2, 1)];
    for bank in [Bank::new(&[50, 50, 50]), Bank::new(&[50, 50, 50]).turned()] {
        let calls = bank.run(&list);
        let overlaps = bank.book.seen.lock().unwrap().overlaps;
        assert!(
            overlaps == 0,
            "Six transfers were made between three accounts at the same time. An entry began while another one of the same account was \
             still being written: {overlaps} of 6 did. Both accounts stay locked until the journal has the entry."
        );
        bank.check(&list, calls);
    }
}

/// Transfers between other accounts go on meanwhile, any number of them.
#[test]
fn other_accounts_go_on_meanwhile() {
    for pairs in [2, usize_of(pick(100..=150))] {
        let bank = Bank::new(&vec![10; 2 * pairs]);
        let list: Vec<_> =
            (0..pairs).map(|n| [(2 * n, 2 * n + 1, 9), (2 * n + 1, 2 * n, 9)][n % 2]).collect();
        let calls = bank.run(&list);
        let (most, last) = (bank.book.inside.max(), calls.iter().map(|call| call.after).max());
        let last = last.unwrap_or_default();
        assert!(
            most == pairs && last < HOUR + TICK,
            "{pairs} transfers were made at the same time between {} accounts, two for each. At most {most} entries were \
             being written at a time, and the last transfer ended after {}; an entry takes {}. Unrelated accounts waited for \
             each other.",
            2 * pairs,
            in_words(last),
            in_words(HOUR)
        );
        bank.check(&list, calls);
    }
    // A transfer that waits for its locks keeps no others waiting, either.
    let bank = Bank::new(&[9; 4]);
    let list = [(0, 1, 1), (1, 0, 1), (0, 1, 1), (2, 3, 1)];
    let calls = bank.run(&list);
    let after = calls[3].after;
    assert!(
        after < HOUR + TICK,
        "Three transfers between two accounts were made, and beside them one between two other accounts. That one ended after \
         {}; its entry takes {}. Unrelated accounts waited for each other.",
        in_words(after),
        in_words(HOUR)
    );
    bank.check(&list, calls);
}

/// A balance can be read meanwhile: at once, or when the transfer of that account has ended.
#[test]
fn a_balance_can_be_read_meanwhile() {
    let bank = Bank::new(&[9, 9, 9]);
    for round in 1..=2 {
        stage("balances are read while a transfer goes on");
        let list = (0, 1, 2);
        let moving = bank.call(list);
        let read = [0, 2].map(|n| {
            let account = bank.accounts[n].clone();
            async move { account.balance().await }
        });
        let (mut calls, _) = vt(async {
            let moving = tokio::spawn(moving);
            tokio::task::yield_now().await;
            let read = together(20, read).await;
            assert!(moving.await.is_ok(), "A transfer panicked while balances were read.");
            read
        });
        let (other, same) = (calls.remove(1), calls.remove(0));
        assert!(
            other.after.is_zero() && same.after <= HOUR,
            "While a transfer between two accounts went on, which takes {}, `balance` of one of them {}, and of another account \
             {}.",
            in_words(HOUR),
            same.how(),
            other.how()
        );
        let (found, others) = (same.returned("`balance`"), other.returned("`balance`"));
        let (after, before) = (9 - 2 * round, 11 - 2 * round);
        assert!(
            others == 9 && (found == after || found == before),
            "`balance` returned {found} for an account that had {before} before a transfer and {after} after it, and {others} for \
             one that had 9."
        );
    }
    let (_, took) = vt(async {
        bank.accounts[2].balance().await;
    });
    assert!(took.is_zero(), "Nobody used an account, and `balance` returned after {}.", in_words(took));
}

/// A transfer that is not covered moves nothing, and is not written.
#[test]
fn what_is_not_covered_is_not_moved() {
    let some = pick(100..=500);
    for (balances, amount) in [
        ([some, 9], some),
        ([some, 9], some + 1),
        ([some, 9], 0),
        ([0, some], 0),
        ([0, some], 1),
        ([some, 0], u64::MAX),
        ([u64::MAX, 0], u64::MAX),
    ] {
        for bank in [Bank::new(&balances), Bank::new(&balances).turned()] {
            bank.check(&[(0, 1, amount)], bank.run(&[(0, 1, amount)]));
        }
    }
    // Ids may be the smallest and the largest that there are.
    let (bank, list) = (Bank::with_ids(vec![0, u32::MAX], &[some, some]), [(0, 1, 7), (1, 0, 9), (0, 0, 1)]);
    bank.check(&list, bank.run(&list));
    // What comes in can be spent when it is there.
    let (bank, list) = (Bank::new(&[0, 9, 0]), [(1, 0, 9), (0, 2, 9)]);
    bank.check(&list, bank.run(&list));
}

/// `transfer` returns when the entry is written: not before, and not later.
#[test]
fn it_returns_when_the_entry_is_written() {
    let year = Duration::from_secs(pick(13_000_000..=17_000_000));
    for takes in [Duration::from_millis(pick(1..=3)), year] {
        let bank = Bank { book: Arc::new(Book { takes, ..Book::new() }), ..Bank::new(&[9, 9, 9]) };
        let list = [(0, 1, 1), (1, 0, 2), (0, 1, 3), (2, 2, 4)];
        let calls = bank.run(&list);
        let written = bank.book.written.timed();
        for (call, (.., amount)) in calls.iter().zip(&list) {
            let entry = written.iter().find(|(entry, _)| *entry == amount.to_string());
            let Some((_, at)) = entry.filter(|(_, at)| call.after >= *at) else {
                panic!(
                    "A transfer {}, and its entry was not written yet. An entry takes {}, and an account has one at a time.",
                    call.how(),
                    in_words(takes)
                )
            };
            check_eq!(
                call.after,
                *at,
                "The entry of a transfer was written after {}, and the transfer ended {} later. There is nothing else to wait for.",
                in_words(*at),
                in_words(call.after.saturating_sub(*at))
            );
        }
        let last = calls.iter().map(|call| call.after).max().unwrap_or_default();
        assert!(
            last < 3 * takes + TICK,
            "Three transfers were made between two accounts, and an entry takes {}. The last one ended after {}.",
            in_words(takes),
            in_words(last)
        );
        bank.check(&list, calls);
    }
}

/// A transfer that is dropped half-way, or whose entry panics, loses no money and holds up no other.
#[test]
fn no_money_is_lost_half_way() {
    for (who, panics) in [(0, false), (1, false), (0, true)] {
        for bank in [Bank::new(&[90, 90]), Bank::new(&[90, 90]).turned()] {
            stage("a transfer is given up half-way");
            let book = Arc::new(Book { panics: panics.then_some(5), ..Book::new() });
            let bank = Bank { book, ..bank };
            let calls = [(0, 1, 5), (1, 0, 6), (0, 1, 7)].into_iter().enumerate().map(|(n, list)| {
                let limit = if n == who && !panics { HOUR / 2 } else { 400 * 24 * HOUR };
                let call = bank.call(list);
                async move { timeout(limit, call).await.unwrap_or(Ok(())) }
            });
            let calls = vt(together(POLLS, calls.collect::<Vec<_>>())).0;
            let what = match (who, panics) {
                (_, true) => "panicked while its entry was being written",
                (0, _) => "was dropped while its entry was being written",
                _ => "was dropped while it waited for the accounts",
            };
            assert!(
                !panics || matches!(calls[0].ended, Ended::Panicked(_)),
                "The journal panicked, and `transfer` {} all the same. The panic has to go on to its caller.",
                calls[0].how()
            );
            for (_, call) in calls.iter().enumerate().filter(|(n, _)| *n != who) {
                assert!(
                    call.ended == Ended::Returned(Ok(())) && call.after < 3 * HOUR + TICK,
                    "One of three transfers between two accounts {what}. Another one {}. What one leaves behind must not hold up others.",
                    call.how()
                );
            }
            let [a, b] = bank.balances()[..] else { panic!("there are two accounts") };
            assert!(
                a + b >= 180,
                "One of three transfers between two accounts {what}. Before, they had 180 together, and now they have {}: money \
                 was lost half-way.",
                a + b
            );
            check_eq!(
                a + b,
                180,
                "One of three transfers between two accounts {what}. Before, they had 180 together, and now they have {}.",
                a + b
            );
            let others = if who == 0 { 90 + 6 - 7 } else { 90 - 5 - 7 };
            let with = if who == 0 { others - 5 } else { others + 6 };
            assert!(
                a == others || a == with,
                "One of three transfers between two accounts {what}. The first account had 90, and has {a} now: without that \
                 transfer it should be {others}, with it {with}."
            );
        }
    }
}

/// A transfer that is dropped while it waits for one of its accounts loses no money.
#[test]
fn no_money_is_lost_while_it_waits() {
    for (from, to) in [(0, 1), (1, 0)] {
        for (locked, said) in [(from, "`from`"), (to, "`to`")] {
            stage("a transfer is dropped while it waits for one of its accounts");
            let (bank, amount) = (Bank::new(&[90, 90, 90]), pick(1..=80));
            let list = [((locked, 2, 3), 400 * 24 * HOUR), ((from, to, amount), HOUR / 2)];
            let calls = list.map(|(list, limit)| {
                let call = bank.call(list);
                async move { timeout(limit, call).await.unwrap_or(Ok(())) }
            });
            for call in vt(together(POLLS, calls)).0 {
                // Refuses one that panics, and one that never ends.
                _ = call.returned("`transfer`");
            }
            let sum: u64 = bank.balances().into_iter().sum();
            check_eq!(
                sum,
                270,
                "A transfer of {amount} was dropped while another transfer had {said} locked, and the other account was free. Before, \
                 three accounts had 270 together, and now they have {sum}. Until a transfer has both locks, it may change neither balance."
            );
        }
    }
}

/// Wherever a transfer is dropped, no money is lost, and the next one between the same accounts is made.
#[test]
fn no_money_is_lost_wherever_it_is_dropped() {
    for (beside, said) in
        [(None, "alone"), (Some((0, 1, 3)), "beside another one"), (Some((1, 0, 3)), "beside another one")]
    {
        dropped_at_each_poll("`transfer`", POLLS, async |cut| {
            let (bank, amount) = (Bank::new(&[90, 90]), pick(5..=80));
            let other = async {
                if let Some(list) = beside {
                    let _ = bank.call(list).await;
                }
            };
            tokio::join!(biased; other, cut.off(bank.call((0, 1, amount))));
            let mut sum = 0;
            for account in &bank.accounts {
                let balance = timeout(400 * 24 * HOUR, account.balance()).await;
                sum += balance.unwrap_or_else(|_| {
                    panic!(
                        "A transfer was made {said}, and was {}. Then an account was locked for ever.",
                        cut.said()
                    )
                });
            }
            check_eq!(
                sum,
                180,
                "A transfer of {amount} was made {said}, and was {}. Before, two accounts had 180 together, and now they have {sum}: money \
                 was lost half-way. Between the two changes there must be no `.await`.",
                cut.said()
            );
            let next = alone(POLLS, bank.call((1, 0, 1))).await;
            assert!(
                next.ended == Ended::Returned(Ok(())),
                "A transfer was made {said}, and was {}. Another one, between the same accounts, {}.",
                cut.said(),
                next.how()
            );
        });
    }
}

/// Several threads move money between the same accounts, and each transfer ends.
#[test]
fn threads_do_not_wait_for_each_other_for_ever() {
    stage("several threads move money between three accounts");
    let (accounts, turns) =
        ([Account::new(1, 900), Account::new(2, 900), Account::new(3, 900)], AtomicUsize::new(0));
    let turn = async || {
        let n = turns.fetch_add(1, Ordering::Relaxed);
        let (from, to) = [(0, 1), (1, 0), (1, 2), (2, 1), (2, 0), (0, 2)][n % 6];
        transfer(&accounts[from], &accounts[to], 1, &Instantly).await.unwrap_or_default();
    };
    match jostle(turn, turn) {
        Err(Jostled::Stuck) => panic!(
            "Several threads moved money between the same three accounts, in all directions, and then none went on any more: each \
             waits for a lock that another one holds. All transfers have to lock in the same order."
        ),
        Err(jostled) => panic!("Several threads moved money between the same accounts, and {jostled}."),
        Ok(()) => {}
    }
    let left = vt(async {
        let mut left = 0;
        for account in &accounts {
            left += account.balance().await;
        }
        left
    });
    check_eq!(
        left.0,
        2_700,
        "Several threads moved money between three accounts that had 2700 together. Now they have {}.",
        left.0
    );
}

/// A transfer may be polled by one task, and from then on by another.
#[test]
fn another_task_may_go_on() {
    stage("another task goes on with `transfer`");
    let bank = Bank::new(&[9, 9]);
    let (first, second) = (bank.call((0, 1, 1)), bank.call((1, 0, 1)));
    let both = async {
        let first = tokio::spawn(first);
        tokio::task::yield_now().await;
        let second = handed_on("`transfer`", POLLS, second).await;
        (first.await, second)
    };
    if let Err(text) = panic_of(|| vt(both)) {
        panic!("{text}");
    }
}

type Moving = Pin<Box<dyn Future<Output = Result<(), NotCovered>> + Send>>;

const HOUR: Duration = Duration::from_secs(3600);
/// Tokio's clock counts whole milliseconds and may round up.
const TICK: Duration = Duration::from_millis(2);
/// A transfer may be woken each time that another one has ended.
const POLLS: usize = 300;

fn usize_of(number: u64) -> usize {
    usize::try_from(number).expect("it was picked small enough")
}

struct Bank {
    ids: Vec<u32>,
    before: Vec<u64>,
    accounts: Vec<Arc<Account>>,
    book: Arc<Book>,
}

impl Bank {
    /// Accounts with these balances, and ids that grow.
    fn new(balances: &[u64]) -> Self {
        let first = u32::try_from(pick(0..=1_000)).expect("it was picked small enough");
        Self::with_ids((first..).step_by(3).take(balances.len()).collect(), balances)
    }

    fn with_ids(ids: Vec<u32>, balances: &[u64]) -> Self {
        let accounts = ids.iter().zip(balances).map(|(id, balance)| Arc::new(Account::new(*id, *balance)));
        Self { accounts: accounts.collect(), ids, before: balances.to_vec(), book: Arc::new(Book::new()) }
    }

    /// The same, with ids the other way round.
    fn turned(self) -> Self {
        Self::with_ids(self.ids.into_iter().rev().collect(), &self.before)
    }

    fn call(&self, (from, to, amount): (usize, usize, u64)) -> Moving {
        let (from, to, book) = (self.accounts[from].clone(), self.accounts[to].clone(), self.book.clone());
        Box::pin(async move { transfer(&from, &to, amount, &*book).await })
    }

    /// Makes transfers, all at the same time.
    fn run(&self, list: &[(usize, usize, u64)]) -> Vec<Call<Result<(), NotCovered>>> {
        stage("transfers are being made");
        let timeline = Timeline::new();
        let calls = list.iter().zip(1..).map(|(&(from, to, amount), n)| {
            let name = format!("{n}: account {} to {}", self.ids[from], self.ids[to]);
            let lane = timeline.lane(if n < 8 { &name } else { "more transfers" });
            lane.watch(self.call((from, to, amount)))
        });
        vt(together(POLLS, calls.collect::<Vec<_>>())).0
    }

    fn balances(&self) -> Vec<u64> {
        let read = vt(async {
            let mut balances = Vec::new();
            for account in &self.accounts {
                balances.push(timeout(400 * 24 * HOUR, account.balance()).await.ok());
            }
            balances
        });
        let read: Option<Vec<_>> = read.0.into_iter().collect();
        read.expect("All transfers have ended, and an account is still locked: `balance` never returns.")
    }

    /// What all transfers together have come to, in whichever order they were made. A covered one is Ok.
    fn check(&self, list: &[(usize, usize, u64)], calls: Vec<Call<Result<(), NotCovered>>>) {
        let mut after: Vec<_> = self.before.iter().map(|balance| i128::from(*balance)).collect();
        let mut expected = Vec::new();
        let count = list.len();
        for ((call, &(from, to, amount)), n) in calls.into_iter().zip(list).zip(1..) {
            let returned = call.returned("`transfer`");
            let covered = after[from] >= i128::from(amount);
            let said = if from == to { "an account to itself" } else { "one account to another" };
            check_eq!(
                returned,
                if covered { Ok(()) } else { Err(NotCovered) },
                "Transfer {n} of {count} moves {amount} from {said}. `from` has {} then, and `transfer` returned {returned:?}.",
                after[from]
            );
            if covered {
                after[from] -= i128::from(amount);
                after[to] += i128::from(amount);
                expected.push((self.ids[from], self.ids[to], amount));
            }
        }
        let found: Vec<_> = self.balances().into_iter().map(i128::from).collect();
        let (sum, had): (i128, i128) =
            (found.iter().sum(), self.before.iter().copied().map(i128::from).sum());
        check_eq!(
            sum,
            had,
            "{} made between accounts that had {had} together. Now they have {sum}.",
            if count == 1 { "1 transfer was".to_owned() } else { format!("{count} transfers were") }
        );
        check_eq!(
            found,
            after,
            "After {}, an account has another balance than it should.",
            counted(count, "transfer")
        );
        let mut written = self.book.seen.lock().unwrap().entries.clone();
        let asked = written.len();
        written.sort_unstable();
        expected.sort_unstable();
        check_eq!(
            written,
            expected,
            "After {}, of which {} covered, the journal has been asked to write {}. Each transfer that is made has one entry, with the \
             ids of its accounts and its amount.",
            counted(count, "transfer"),
            if expected.len() == 1 { "1 was".to_owned() } else { format!("{} were", expected.len()) },
            if asked == 1 { "1 entry".to_owned() } else { format!("{asked} entries") }
        );
    }
}

/// A journal, and what was seen of it.
struct Book {
    takes: Duration,
    /// Panics at the entry with this amount.
    panics: Option<u64>,
    inside: InFlight,
    /// The amounts of entries, as they were written.
    written: Log,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    entries: Vec<(u32, u32, u64)>,
    /// Accounts of which an entry is being written.
    busy: Vec<u32>,
    overlaps: usize,
}

impl Book {
    fn new() -> Self {
        Self {
            takes: HOUR,
            panics: None,
            inside: InFlight::new(),
            written: Log::new(),
            seen: Mutex::default(),
        }
    }
}

/// An entry that is being written.
struct Writing<'a>(&'a Book, [u32; 2]);

impl<'a> Writing<'a> {
    fn begin(book: &'a Book, from: u32, to: u32, amount: u64) -> Self {
        let mut seen = book.seen.lock().unwrap();
        seen.overlaps += usize::from(seen.busy.contains(&from) || seen.busy.contains(&to));
        seen.entries.push((from, to, amount));
        seen.busy.extend([from, to]);
        Self(book, [from, to])
    }
}

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        let mut seen = self.0.seen.lock().unwrap();
        for id in self.1 {
            if let Some(at) = seen.busy.iter().position(|busy| *busy == id) {
                seen.busy.swap_remove(at);
            }
        }
    }
}

impl Journal for Book {
    async fn write(&self, from: u32, to: u32, amount: u64) {
        let _inside = self.inside.enter();
        let _writing = Writing::begin(self, from, to, amount);
        sleep(self.takes).await;
        if self.panics == Some(amount) {
            resume_unwind(Box::new("the journal is full"));
        }
        self.written.push(amount.to_string());
    }
}

/// A journal that is done at once, on any thread.
struct Instantly;

impl Journal for Instantly {
    async fn write(&self, _: u32, _: u32, _: u64) {}
}
