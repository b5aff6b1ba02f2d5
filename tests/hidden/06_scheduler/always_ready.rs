//! Hidden tests of `always_ready`: whether the limit can end the benchmark, and what it reports.

use std::future::poll_fn;
use std::hash::{BuildHasher, RandomState};
use std::panic::resume_unwind;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::Poll;
use std::time::Duration;

use exercise::{Cache, benchmark};
use testkit::{advance, panic_of, stage, vt};
use tokio::task::consume_budget;
use tokio::time::Instant;

/// What a turn of the other task takes, by the runtime's clock.
const TURN: Duration = Duration::from_millis(100);
/// Lookups without a turn of the other task after which the test gives up.
const TOO_MANY: u64 = 20_000;
/// How far behind the limit the test gives up.
const TOO_LATE: Duration = Duration::from_secs(20);

/// The limit ends the benchmark: the loop gives the thread back, so that time can pass and the timer is looked at.
#[test]
fn the_limit_ends_it() {
    let seen = run();
    let (took, limit) = (seen.took.as_millis(), seen.limit.as_millis());
    assert!(
        seen.took >= seen.limit,
        "The limit was {limit} ms, and `benchmark` was done after {took} ms. It is to look up keys until the limit is \
         over."
    );
}

/// The report is the number of lookups that were answered.
#[test]
fn every_lookup_counts() {
    let seen = run();
    // A lookup may have been answered and the limit have struck before it was counted.
    assert!(
        seen.reported <= seen.answered && seen.reported + 1 >= seen.answered,
        "`benchmark` reported {} lookups, and the cache has answered {}.",
        seen.reported,
        seen.answered
    );
    assert!(seen.answered > 0, "`benchmark` did not look up a single key.");
}

/// A cache that is always ready, and notes who has had a turn.
#[derive(Clone, Default)]
struct Memory(Arc<Notes>);

#[derive(Default)]
struct Notes {
    limit_turns: AtomicU64,
    answered: AtomicU64,
    /// Lookups since the other task had a turn.
    in_a_row: AtomicU64,
    turns: AtomicU64,
    gave_up: AtomicBool,
    /// The loop runs with a budget.
    brake: AtomicBool,
}

impl Cache for Memory {
    async fn get(&self, key: u64) -> Option<u64> {
        let notes = &self.0;
        let in_a_row = notes.in_a_row.fetch_add(1, Ordering::SeqCst) + 1;
        let turns = notes.turns.load(Ordering::SeqCst);
        let last =
            notes.limit_turns.load(Ordering::SeqCst) + (TOO_LATE.as_millis() / TURN.as_millis()) as u64;
        if in_a_row > TOO_MANY || turns > last {
            notes.brake.store(brake_works().await, Ordering::SeqCst);
            notes.gave_up.store(true, Ordering::SeqCst);
            // The way out of a poll that would never return.
            resume_unwind(Box::new("the test gave up"));
        }
        notes.answered.fetch_add(1, Ordering::SeqCst);
        (!key.is_multiple_of(3)).then_some(key)
    }
}

/// Whether Tokio would stop a task that uses its channels, sockets and timers here without an end.
async fn brake_works() -> bool {
    for _ in 0..1_000 {
        let mut unit = pin!(consume_budget());
        if poll_fn(|cx| Poll::Ready(unit.as_mut().poll(cx).is_pending())).await {
            return true;
        }
    }
    false
}

struct Seen {
    limit: Duration,
    took: Duration,
    reported: u64,
    answered: u64,
}

/// Runs a benchmark beside a task that moves the clock whenever it has a turn. Fails when it finds no end.
fn run() -> Seen {
    let limit = Duration::from_millis(1_000 + RandomState::new().hash_one(()) % 2_000);
    let memory = Memory::default();
    let notes = memory.0.clone();
    notes.limit_turns.store((limit.as_millis() / TURN.as_millis()) as u64, Ordering::SeqCst);
    stage("the benchmark runs, beside a task that moves the clock when it has a turn");
    let outcome = panic_of(|| {
        vt(async {
            let notes = notes.clone();
            tokio::spawn(async move {
                loop {
                    advance(TURN).await;
                    notes.turns.fetch_add(1, Ordering::SeqCst);
                    notes.in_a_row.store(0, Ordering::SeqCst);
                }
            });
            let start = Instant::now();
            let reported = benchmark(&memory, limit).await;
            (reported, start.elapsed())
        })
    });
    let answered = notes.answered.load(Ordering::SeqCst);
    let turns = notes.turns.load(Ordering::SeqCst);
    match outcome {
        Ok(((reported, took), _)) => Seen { limit, took, reported, answered },
        Err(text) if !notes.gave_up.load(Ordering::SeqCst) => panic!("`benchmark` panicked.\n{text}"),
        Err(_) if !notes.brake.load(Ordering::SeqCst) => panic!(
            "You switched the brake off. Under `unconstrained` a task may go on for ever, also where Tokio would have \
             stopped it: {answered} lookups, and no other task had the thread."
        ),
        Err(_) if notes.in_a_row.load(Ordering::SeqCst) > TOO_MANY => panic!(
            "A timeout cannot fire inside a poll that never returns.\n\
             {TOO_MANY} lookups went by in one go: no other task had a turn, and nobody looked at the timer."
        ),
        Err(_) => panic!(
            "The limit is long over, and `benchmark` goes on: other tasks have had {turns} turns since it began. Whoever \
             waits for the limit has to be asked as well, with some of the budget left for it."
        ),
    }
}
