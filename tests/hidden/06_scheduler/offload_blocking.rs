//! Hidden tests of `offload_blocking`: which thread `query` keeps, and what becomes of its answer and of its panic.

use std::hash::{BuildHasher, RandomState};
use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::thread::{self, ThreadId};

use exercise::{Ledger, Unanswered, balance};
use testkit::{Gate, Probe, check_eq, panic_of, rt, stage};
use tokio::task::{try_id, yield_now};

/// How often another task has the thread while `query` waits.
const TURNS: usize = 200;
/// Polls of an answer that is woken when there is something to do: two, and some to spare.
const FEW: usize = 10;

/// `query` waits on a thread that nobody else needs, and its answer comes back.
#[test]
fn the_answer_comes_back() {
    let seen = ask();
    check_place(&seen);
    let times = seen.calls.len();
    assert!(times == 1, "`balance` was called once, and `query` {times} times. The bank counts every one.");
    check_eq!(seen.calls[0].account, seen.account, "`query` was asked about another account than `balance`.");
    check_eq!(seen.balance, Ok(seen.answer), "`balance` did not return what `query` had returned.");
}

/// While `query` waits, `balance` sleeps until it is woken.
#[test]
fn balance_sleeps_meanwhile() {
    let seen = ask();
    check_place(&seen);
    assert!(
        seen.polls <= FEW,
        "`balance` was polled {} times while `query` waited. A handle that is awaited wakes you when the call is over; \
         to ask again and again burns a core.",
        seen.polls
    );
}

/// When `query` panics, `balance` returns `Unanswered`.
#[test]
fn a_panic_comes_back_as_an_error() {
    stage("`query` is about to panic");
    match panic_of(|| rt(balance(Arc::new(DeadLine), 7))) {
        Ok(outcome) => check_eq!(
            outcome,
            Err(Unanswered),
            "`query` panicked, and `balance` reported a balance all the same. A panic has to come back as `Unanswered`."
        ),
        Err(text) if is_block_in_place(&text) => panic!("{BLOCK_IN_PLACE}\n{text}"),
        Err(text) => panic!(
            "`query` panicked, and `balance` panicked with it. Off the runtime's thread a panic ends the call only, and \
             the handle has an `Err` for you: turn that into `Unanswered`, do not unwrap it.\n{text}"
        ),
    }
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

/// Panics, without a word on stderr.
struct DeadLine;

impl Ledger for DeadLine {
    fn query(&self, _account: u32) -> i64 {
        resume_unwind(Box::new("the line is dead"))
    }
}

/// What was seen of one call of `balance`.
struct Seen {
    account: u32,
    answer: i64,
    balance: Result<i64, Unanswered>,
    calls: Vec<Call>,
    polls: usize,
}

fn ask() -> Seen {
    let random = RandomState::new().hash_one(()) >> 2;
    let (account, answer) = ((random % 10_000) as u32, (random >> 20) as i64);
    let asked = Gate::new();
    let (post, answers) = channel();
    let mainframe = Arc::new(Mainframe {
        home: thread::current().id(),
        calls: Mutex::default(),
        asked: asked.clone(),
        answers: Mutex::new(answers),
    });
    let ledger = mainframe.clone();
    let (watched, probe) = Probe::new(async move { balance(ledger, account).await });
    let outcome = panic_of(|| {
        rt(async move {
            tokio::spawn(async move {
                asked.wait().await;
                for _ in 0..TURNS {
                    yield_now().await;
                }
                // More than one, so that a second `query` is not left waiting.
                for _ in 0..8 {
                    let _ = post.send(answer);
                }
            });
            stage("`query` waits for an answer, which a task of the same runtime is to post");
            watched.await
        })
    });
    let balance = match outcome {
        Ok(balance) => balance,
        Err(text) if is_block_in_place(&text) => panic!("{BLOCK_IN_PLACE}\n{text}"),
        Err(text) => panic!("`balance` panicked.\n{text}"),
    };
    let calls = std::mem::take(&mut *mainframe.calls.lock().unwrap());
    Seen { account, answer, balance, calls, polls: probe.polls() }
}

fn check_place(seen: &Seen) {
    for call in seen.calls.iter().filter(|call| call.at_home) {
        assert!(
            !call.in_a_task,
            "`async` does not make a call non-blocking. You put `query` into a task, and the runtime polled that task \
             with its only thread, the one that must feed `query`."
        );
        panic!(
            "The thread that must feed `query` is the one you blocked. Until `query` returns, no task has a turn, not \
             even the one that posts the answer."
        );
    }
}

const BLOCK_IN_PLACE: &str = "`block_in_place` needs a second worker, which takes over the tasks while this thread \
     blocks. This runtime has one thread, so it panics.";

fn is_block_in_place(text: &str) -> bool {
    text.contains("can call blocking only when running on the multi-threaded runtime")
}
