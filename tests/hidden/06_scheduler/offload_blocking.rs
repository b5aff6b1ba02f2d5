//! Hidden tests of `offload_blocking`: which thread `query` blocks, and what happens to its answer and to its panic.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::panic::resume_unwind;
use std::pin::Pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Condvar, Mutex};
use std::task::Poll;
use std::thread::{self, ThreadId};
use std::time::Duration;

use exercise::{Ledger, Unanswered, balance};
use testkit::{Gate, Sleeper, Waited, check_eq, long_wait, panic_of, pick, stage, stalled, vt};
use tokio::runtime::Builder;
use tokio::select;
use tokio::task::try_id;
use tokio::time::Instant;

/// Polls of an answer that is woken when there is something to do: the first one, and some to spare.
const FEW: usize = 10;
/// Calls at the same time.
const DOZENS: u32 = 40;

/// `query` waits on a thread that nothing else needs, and its answer comes back.
#[test]
fn the_answer_comes_back() {
    let seen = ask(pick(0..=9_999) as u32, pick(1..=1 << 60) as i64);
    let times = seen.calls.len();
    assert!(times == 1, "`balance` was called once, but `query` {times} times. The bank counts every call.");
    check_eq!(seen.calls[0].account, seen.account, "`query` was asked about another account than `balance`.");
    check_waited(&seen);
    check_eq!(seen.balance, Ok(seen.answer), "`balance` did not return what `query` had returned.");
}

/// While `query` waits, `balance` sleeps until it is woken.
#[test]
fn balance_sleeps_meanwhile() {
    // The second call waits as the first one does.
    for Waited { spins, naps, .. } in [ask(7, 1).waited, ask(8, 2).waited] {
        assert!(
            spins <= FEW,
            "`balance` was polled {spins} times while `query` waited, and no time had passed. If you await a handle, \
             it wakes you when the call is over; a loop that keeps asking burns a core."
        );
        assert!(
            naps <= FEW,
            "`balance` woke up {naps} times to check while `query` waited. However short its sleeps are, it is late. \
             If you await a handle, it wakes you when the call is over."
        );
    }
}

/// `balance` takes as long as `query` does, and no longer.
#[test]
fn balance_ends_with_the_query() {
    let seen = ask(7, 1);
    assert!(
        seen.late < Duration::from_millis(1),
        "`balance` took {:?} longer than `query` did. It has nothing else to wait for.",
        seen.late
    );
    stage("`query` answers at once");
    // An account that nobody has asked about before.
    let account = pick(100..=9_999) as u32;
    let prompt = Arc::new(Prompt(AtomicU32::new(0)));
    let (balance, took) = vt(balance(prompt.clone(), account));
    assert!(
        prompt.0.load(Ordering::SeqCst) > 0,
        "`balance` was called a second time, and returned {balance:?} without a `query`. Each call has to ask again."
    );
    check_eq!(
        balance,
        Ok(i64::from(account)),
        "`query` returned {account} at once, but `balance` returned something else."
    );
    assert!(
        took < Duration::from_millis(1),
        "`query` answered at once, but `balance` took {took:?}. It has nothing else to wait for."
    );
}

/// Every number is a balance, and each call asks again.
#[test]
fn any_number_is_a_balance() {
    for answer in [0, -1, i64::MIN, i64::MAX, 1, -(pick(2..=999_999) as i64)] {
        // The same account each time, with another balance.
        let seen = ask(7, answer);
        assert!(
            !seen.calls.is_empty(),
            "`balance` was called once more for the same account, but did not ask for it. A balance may have \
             changed."
        );
        check_waited(&seen);
        check_eq!(seen.balance, Ok(answer), "`query` returned {answer}, but `balance` returned something else.");
    }
}

/// When `query` panics, `balance` returns `Unanswered`, whatever the panic says; the next call is answered.
#[test]
fn a_panic_comes_back_as_an_error() {
    let panics: [fn() -> i64; 3] = [
        || resume_unwind(Box::new("the line is dead")),
        || resume_unwind(Box::new(format!("no answer after {} s", 30))),
        || resume_unwind(Box::new(-1_i64)),
    ];
    for panics in panics {
        stage("`query` is about to panic");
        let line = Arc::new(DeadLine { panics, asked: AtomicU32::new(0) });
        let outcome = panic_of(|| vt(balance(line.clone(), 7)).0);
        let asked = line.asked.load(Ordering::SeqCst);
        assert!(
            asked <= 1,
            "`query` panicked, and was called again: {asked} times in one call of `balance`. Call it once, and \
             return `Unanswered` if it panics."
        );
        match outcome {
            Ok(outcome) => check_eq!(
                outcome,
                Err(Unanswered),
                "`query` panicked, but `balance` still reported a balance. A panic has to come back as `Unanswered`."
            ),
            Err(text) if tokios_own(&text) => panic!("`balance` panicked: {text}"),
            Err(text) => panic!(
                "`query` panicked, and `balance` panicked with it. Off the runtime's thread, a panic ends only that \
                 call, and the handle gives you an `Err`: turn that into `Unanswered`, do not unwrap it.\n{text}"
            ),
        }
        stage("a `query` has panicked, and the next one is called");
        let seen = ask(7, 1);
        check_eq!(
            seen.balance,
            Ok(1),
            "A `query` panicked. The next one answered 1, but `balance` returned something else."
        );
    }
}

/// Dozens of calls may run at once; each gets its own answer, and one that panics does not disturb the others.
#[test]
fn dozens_at_once() {
    let crowd = Arc::new(Crowd::new());
    stage("forty callers ask, and no `query` returns before all of them have been called");
    let outcome = panic_of(|| {
        vt(async {
            let mut calls: BTreeMap<u32, Pin<Box<_>>> =
                (0..DOZENS).map(|account| (account, Box::pin(balance(crowd.clone(), account)))).collect();
            let mut results = BTreeMap::new();
            let all = poll_fn(|cx| {
                calls.retain(|account, call| match call.as_mut().poll(cx) {
                    Poll::Ready(result) => results.insert(*account, result).is_some(),
                    Poll::Pending => true,
                });
                if calls.is_empty() { Poll::Ready(()) } else { Poll::Pending }
            });
            let asked_by_then = select! {
                biased;
                () = all => DOZENS,
                () = stalled(|| crowd.asked()) => crowd.asked(),
            };
            crowd.let_go();
            (asked_by_then, results)
        })
    });
    crowd.let_go();
    check_home(*crowd.at_home.lock().unwrap());
    let ((asked, results), _) = outcome.unwrap_or_else(|text| panic!("`balance` panicked: {text}"));
    assert!(
        asked == DOZENS,
        "Of {DOZENS} calls at the same time, only {asked} got as far as their `query`. The others did not while \
         those waited. Dozens of calls may run at once."
    );
    for (account, result) in results {
        check_eq!(
            result,
            Crowd::answer(account).ok_or(Unanswered),
            "Of {DOZENS} calls at the same time, some panicked. The call for account {account} got a result that is \
             not its own."
        );
    }
}

/// The same on a runtime with several threads, where blocking in the middle of a poll causes no panic.
#[test]
fn dozens_at_once_in_one_task() {
    let crowd = Arc::new(Crowd::new());
    // Nobody has to wait for the others here.
    crowd.let_go();
    stage("forty calls are made at the same time, on a multi-threaded runtime");
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let outcome = panic_of(|| {
        let mut calls: Vec<Pin<Box<_>>> =
            (0..DOZENS).map(|account| Box::pin(balance(crowd.clone(), account))).collect();
        runtime.block_on(poll_fn(|cx| {
            calls.retain_mut(|call| call.as_mut().poll(cx).is_pending());
            if calls.is_empty() { Poll::Ready(()) } else { Poll::Pending }
        }));
    });
    runtime.shutdown_background();
    assert!(
        crowd.at_home.lock().unwrap().is_none(),
        "{DOZENS} calls were made at the same time by one task of a multi-threaded runtime, and `query` ran in the \
         middle of its poll. The other calls in that task cannot run meanwhile: let `query` wait on a thread that \
         nothing else needs."
    );
    outcome.unwrap_or_else(|text| panic!("`balance` panicked: {text}"));
}

struct Call {
    account: u32,
    /// On the thread that drives the runtime.
    at_home: bool,
    in_a_task: bool,
}

/// Blocks until a task of the test has posted the answer. On the runtime's thread that would be for ever, so there it
/// takes a note and returns.
struct Mainframe {
    home: ThreadId,
    calls: Mutex<Vec<Call>>,
    asked: Gate,
    answers: Mutex<Receiver<i64>>,
}

impl Ledger for Mainframe {
    fn query(&self, account: u32) -> i64 {
        let at_home = thread::current().id() == self.home;
        let call = Call { account, at_home, in_a_task: try_id().is_some() };
        self.calls.lock().unwrap().push(call);
        self.asked.open();
        if at_home { 0 } else { self.answers.lock().unwrap().recv().unwrap_or_default() }
    }
}

/// Answers at once, and counts.
struct Prompt(AtomicU32);

impl Ledger for Prompt {
    fn query(&self, account: u32) -> i64 {
        self.0.fetch_add(1, Ordering::SeqCst);
        i64::from(account)
    }
}

/// Panics, without a word on stderr.
struct DeadLine {
    panics: fn() -> i64,
    asked: AtomicU32,
}

impl Ledger for DeadLine {
    fn query(&self, _account: u32) -> i64 {
        self.asked.fetch_add(1, Ordering::SeqCst);
        (self.panics)()
    }
}

/// Answers when all have asked. Every fourth account panics.
struct Crowd {
    home: ThreadId,
    at_home: Mutex<Option<bool>>,
    state: Mutex<(u32, bool)>,
    news: Condvar,
}

impl Crowd {
    fn new() -> Self {
        Self {
            home: thread::current().id(),
            at_home: Mutex::default(),
            state: Mutex::default(),
            news: Condvar::new(),
        }
    }

    fn asked(&self) -> u32 {
        self.state.lock().unwrap().0
    }

    fn let_go(&self) {
        self.state.lock().unwrap().1 = true;
        self.news.notify_all();
    }

    fn answer(account: u32) -> Option<i64> {
        (account % 4 != 1).then_some(i64::from(account) * 3 - 30)
    }
}

impl Ledger for Crowd {
    fn query(&self, account: u32) -> i64 {
        if thread::current().id() == self.home {
            *self.at_home.lock().unwrap() = Some(try_id().is_some());
        } else {
            let mut state = self.state.lock().unwrap();
            state.0 += 1;
            state.1 |= state.0 == DOZENS;
            self.news.notify_all();
            drop(self.news.wait_while(state, |state| !state.1).unwrap());
        }
        Self::answer(account).unwrap_or_else(|| resume_unwind(Box::new("the line is dead")))
    }
}

/// What was seen of one call of `balance`.
struct Seen {
    account: u32,
    answer: i64,
    balance: Result<i64, Unanswered>,
    calls: Vec<Call>,
    /// What `balance` did while `query` waited.
    waited: Waited,
    /// The longest pause before `query` was asked, or after it had answered.
    late: Duration,
}

fn ask(account: u32, answer: i64) -> Seen {
    let asked = Gate::new();
    let (post, answers) = channel();
    let mainframe = Arc::new(Mainframe {
        home: thread::current().id(),
        calls: Mutex::default(),
        asked: asked.clone(),
        answers: Mutex::new(answers),
    });
    let ledger = mainframe.clone();
    let outcome = panic_of(|| {
        vt(async {
            stage("`query` waits for an answer, which a task of the same runtime should post");
            let start = Instant::now();
            let mut call = Sleeper::new(balance(ledger, account));
            call.until(|| asked.is_open()).await;
            let mut late = start.elapsed();
            call.change_task();
            let waited = long_wait(|| call.turn()).await;
            // More than one, so that a second `query` is not left waiting.
            for _ in 0..8 {
                let _ = post.send(answer);
            }
            let posted = Instant::now();
            call.until(|| false).await;
            late = late.max(posted.elapsed());
            (call.output(), waited, late, call.former_wakes() > 0)
        })
    });
    let calls = std::mem::take(&mut *mainframe.calls.lock().unwrap());
    check_home(calls.iter().find(|call| call.at_home).map(|call| call.in_a_task));
    let ((balance, waited, late, former_waker), _) =
        outcome.unwrap_or_else(|text| panic!("`balance` panicked: {text}"));
    assert!(
        balance.is_some() || !former_waker,
        "`query` has answered, but `balance` was woken through the waker of an earlier poll. Another task has polled \
         it since then: the waker of the newest poll counts."
    );
    let Some(balance) = balance else { panic!("`query` has answered, but `balance` still waits.") };
    Seen { account, answer, balance, calls, waited, late }
}

fn check_waited(seen: &Seen) {
    assert!(
        !seen.waited.over,
        "`balance` gave up: it returned {:?} {}, but `query` was still waiting. Its answer may take any time; the \
         handle wakes you when it is there.",
        seen.balance,
        seen.waited.when()
    );
}

/// `query` was made on the runtime's thread, perhaps, and there in a task, or not.
fn check_home(in_a_task: Option<bool>) {
    assert!(
        in_a_task != Some(true),
        "`async` does not make a call non-blocking. You put `query` into a task, and the runtime polled that task with its \
         only thread, the one that must feed `query`."
    );
    assert!(
        in_a_task.is_none(),
        "The thread that must feed `query` is the one you blocked. Until `query` returns, no task runs, not even the \
         one that posts the answer."
    );
}

/// Panics of Tokio, which have nothing to do with that of `query`.
fn tokios_own(text: &str) -> bool {
    [
        "can call blocking only",
        "no reactor running",
        "Cannot start a runtime",
        "Cannot block the current thread",
    ]
    .iter()
    .any(|part| text.contains(part))
}
