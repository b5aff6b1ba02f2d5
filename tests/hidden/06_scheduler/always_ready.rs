//! Hidden tests of `always_ready`: whether the limit can end the benchmark, which other tasks run, and what it reports.

use std::future::poll_fn;
use std::panic::resume_unwind;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use exercise::{Cache, benchmark};
use testkit::{advance, in_words, panic_of, pick, stage, vt};
use tokio::select;
use tokio::task::{consume_budget, yield_now};
use tokio::time::Instant;

/// What is asked for.
const AT_MOST: u64 = 1_000;
/// What is refused. A scheduler owes nobody strict turns, and a budget is not counted in lookups, so there is room.
const TOO_MANY: u64 = 2 * AT_MOST;
/// Turns of the other task between two lookups: one would do.
const PAUSE: u64 = 4;
/// Turns of the other task behind the limit after which the benchmark is late: whoever tosses a coin at every poll whether
/// to look at the timer has looked by then.
const LATE: u32 = 64;
/// … and after which the test gives up.
const TOO_LATE: u32 = 200;
/// Longer than a slice of time after which anybody would give the thread back.
const SLICE: Duration = Duration::from_millis(200);
/// So many lookups later it is certain that nothing will end them.
const LONG: u64 = 20_000;

/// The limit ends it: the loop gives the thread back, so other tasks run, time passes, and the timer is checked.
#[test]
fn the_limit_ends_it() {
    // Short, so that the machine's own clock is soon past it, too: then a look at that one shows as well.
    let seen = run(Duration::from_millis(pick(20..=40)), |_| {});
    let Seen { longest, turns, answered, pause, .. } = seen;
    assert!(
        longest <= TOO_MANY || turns > 0,
        "From the first of {answered} lookups to the last, no other task ran; then the loop ended by itself. Neither \
         counting nor checking the clock gives the thread back: that takes an `.await` that returns `Pending`."
    );
    assert!(
        longest <= TOO_MANY,
        "Another task had to wait for {longest} lookups in a row; {AT_MOST} are allowed. Count the lookups to decide \
         when to give the thread back: they may be quick."
    );
    assert!(
        pause <= PAUSE && turns <= 2 * answered,
        "Between two lookups, another task ran {pause} times: `benchmark` was waiting. If a cache is always ready, \
         there is nothing to wait for: give the thread back, and go on when you are polled next."
    );
    check_time(&seen);
    check_time(&run(Duration::from_millis(pick(200_000_000..=900_000_000)), |_| {}));
}

/// A limit of a millisecond ends it after a millisecond, a limit of days after days, and a limit of zero at once.
#[test]
fn short_and_long_limits() {
    for limit in [1, pick(2..=3), pick(700..=900), pick(200_000_000..=900_000_000), 0] {
        let seen = run(Duration::from_millis(limit), |_| {});
        check_time(&seen);
        assert!(seen.answered > 0 || limit == 0, "`benchmark` did not look up a single key in {limit} ms.");
    }
}

/// The report is the number of lookups that were answered, whether with a value or with `None`.
#[test]
fn every_lookup_counts() {
    for limit in [pick(20..=60), pick(100_000..=200_000)] {
        check_report(&run(Duration::from_millis(limit), |_| {}));
    }
}

/// The keys are 0, 1, 2, and so on, each looked up once.
#[test]
fn key_after_key() {
    let seen = run(Duration::from_millis(pick(20..=60)), |_| {});
    if let Some((before, key)) = seen.astray {
        match before {
            None => panic!("The first lookup asked for key {key}. The keys are 0, 1, 2, and so on."),
            Some(before) => {
                panic!("Key {key} was looked up after key {before}. The keys are 0, 1, 2, and so on.")
            }
        }
    }
}

const DAY: Duration = Duration::from_secs(24 * 3600);

/// No limit is too long: with `Duration::MAX` the benchmark goes on until it is dropped.
#[test]
fn the_longest_limit() {
    let tally = Tally(AtomicU64::new(0));
    stage("the benchmark has a limit of `Duration::MAX`");
    let outcome = panic_of(|| {
        vt(async {
            select! {
                biased;
                reported = benchmark(&tally, Duration::MAX) => Some(reported),
                () = async {
                    for _ in 0..10 {
                        yield_now().await;
                        advance(300 * DAY).await;
                    }
                } => None,
            }
        })
    });
    let answered = tally.0.load(Ordering::SeqCst);
    match outcome {
        Ok((None, _)) => {}
        Ok((Some(_), took)) => panic!(
            "The limit was `Duration::MAX`, but `benchmark` was done after {} and {answered} lookups. It should look \
             up keys until the limit is over.",
            in_words(took)
        ),
        Err(text) if text.contains("overflow") => panic!(
            "The limit was `Duration::MAX`, and `benchmark` panicked after {answered} lookups: {text}. There is no \
             `Instant` that far away. But you can compare the time that has passed with any limit."
        ),
        Err(text) => panic!("The limit was `Duration::MAX`, and `benchmark` panicked: {text}"),
    }
}

/// Two benchmarks at the same time do not count each other's lookups.
#[test]
fn each_benchmark_counts_its_own() {
    let (limit, inner) = (Duration::from_millis(pick(20..=60)), Mutex::new(None));
    let outer = run(limit, |lookup| {
        if lookup == 10 {
            let beside = thread::scope(|scope| scope.spawn(|| panic_of(|| run(limit, |_| {}))).join());
            *inner.lock().unwrap() = beside.ok();
        }
    });
    for seen in [Some(Ok(outer)), inner.into_inner().unwrap()].into_iter().flatten() {
        check_report(&seen.unwrap_or_else(|text| panic!("{text}")));
    }
}

fn check_time(seen: &Seen) {
    let (took, limit) = (ms(seen.took), ms(seen.limit));
    let too_late = seen.took > seen.limit + turn(seen.limit) * LATE + Duration::from_millis(2);
    assert!(
        !(seen.took < seen.limit || too_late) || !seen.by_the_machine(),
        "The limit was {limit} ms. By the clock of `tokio::time`, which is the one that counts, `benchmark` was done \
         after {took} ms; by the machine's clock, after {} ms. `std::time::Instant` reads the machine's clock, and \
         `tokio::time::Instant` reads Tokio's.",
        ms(seen.really)
    );
    assert!(
        seen.took >= seen.limit,
        "The limit was {limit} ms, but `benchmark` was done after {took} ms by the clock of `tokio::time`. It should \
         look up keys until the limit is over."
    );
    assert!(
        !too_late,
        "The limit was {limit} ms, but `benchmark` was done after {took} ms by the clock of `tokio::time`. It should \
         end when the limit is over."
    );
}

fn ms(time: Duration) -> u128 {
    time.as_millis()
}

fn check_report(seen: &Seen) {
    let Seen { reported, answered, values, .. } = *seen;
    // A lookup may have been answered and the limit have struck before it was counted.
    let right = |count: u64| reported <= count && reported + 1 >= count;
    if right(answered) {
        return;
    }
    assert!(
        reported > 0,
        "`benchmark` reported 0 lookups, but the cache has answered {answered}. At the limit, the loop is dropped, \
         and a count inside it is lost."
    );
    assert!(
        !right(values),
        "`benchmark` reported {reported} lookups, but the cache has answered {answered}. It gave a value {values} \
         times and `None` otherwise, which is an answer, too."
    );
    assert!(
        reported > answered,
        "`benchmark` reported {reported} lookups, but the cache has answered {answered}: {} were not counted. The \
         limit may end the loop after any lookup; what was not counted by then is lost.",
        answered - reported
    );
    panic!(
        "`benchmark` reported {reported} lookups, but the cache has answered {answered}. It counted something that \
         was not one of its lookups."
    );
}

/// A cache that counts.
struct Tally(AtomicU64);

impl Cache for Tally {
    async fn get(&self, key: u64) -> Option<u64> {
        if self.0.fetch_add(1, Ordering::SeqCst) > 10 * LONG {
            resume_unwind(Box::new("no other task ran"));
        }
        Some(key)
    }
}

/// A cache that is always ready, and notes who has had a turn.
struct Memory<F> {
    notes: Arc<Notes>,
    /// Called at each lookup, with its number.
    before: F,
}

struct Notes {
    limit: Duration,
    // hermetic: tells only which clock a refused answer went by; nothing is refused for it
    start: std::time::Instant,
    answered: AtomicU64,
    /// Those that were not `None`.
    values: AtomicU64,
    /// The first key that was not the next one, and the one before it.
    astray: Mutex<Option<(Option<u64>, u64)>>,
    last_key: Mutex<Option<u64>>,
    /// Lookups since the other task had a turn.
    in_a_row: AtomicU64,
    longest: AtomicU64,
    turns: AtomicU64,
    /// Turns by the last lookup, if there was one, and the most between two of them.
    by_the_last: Mutex<Option<u64>>,
    pause: AtomicU64,
    /// Lookups since it is certain that something is wrong.
    in_vain: AtomicU64,
    gave_up: AtomicBool,
    /// The loop runs with a budget.
    brake: AtomicBool,
}

impl<F: Fn(u64)> Cache for Memory<F> {
    async fn get(&self, key: u64) -> Option<u64> {
        let notes = &self.notes;
        (self.before)(notes.answered.load(Ordering::SeqCst));
        if let Some(before) =
            notes.last_key.lock().unwrap().replace(key).map_or_else(
                || (key != 0).then_some(None),
                |before| (key != before + 1).then_some(Some(before)),
            )
        {
            notes.astray.lock().unwrap().get_or_insert((before, key));
        }
        let turns = notes.turns.load(Ordering::SeqCst);
        let before = notes.by_the_last.lock().unwrap().replace(turns).unwrap_or(turns);
        notes.pause.fetch_max(turns - before, Ordering::SeqCst);
        let in_a_row = notes.in_a_row.fetch_add(1, Ordering::SeqCst) + 1;
        notes.longest.fetch_max(in_a_row, Ordering::SeqCst);
        if in_a_row == TOO_MANY + 1 {
            move_clock(notes.limit);
        }
        if in_a_row > TOO_MANY || notes.is_late() {
            // Where the limit is short, the machine's own clock gets its chance to end the loop.
            let patient =
                notes.limit < Duration::from_millis(100) && notes.start.elapsed() <= notes.limit + SLICE;
            let in_vain = notes.in_vain.fetch_add(u64::from(!patient), Ordering::SeqCst);
            if in_vain > LONG {
                notes.brake.store(brake_works().await, Ordering::SeqCst);
                notes.gave_up.store(true, Ordering::SeqCst);
                // The way out of a poll that would never return.
                resume_unwind(Box::new("the test gave up"));
            }
        }
        notes.answered.fetch_add(1, Ordering::SeqCst);
        let value = (!key.is_multiple_of(3)).then_some(key);
        notes.values.fetch_add(u64::from(value.is_some()), Ordering::SeqCst);
        value
    }
}

impl Notes {
    fn is_late(&self) -> bool {
        let turns = u32::try_from(self.turns.load(Ordering::SeqCst)).unwrap_or(u32::MAX);
        turn(self.limit).checked_mul(turns.saturating_sub(TOO_LATE)).is_none_or(|over| over > self.limit)
    }
}

/// What a turn of the other task takes, by the runtime's clock.
fn turn(limit: Duration) -> Duration {
    (limit / 200).max(Duration::from_micros(20))
}

/// Moves the runtime's clock beyond the limit without giving the thread back.
fn move_clock(limit: Duration) {
    let mut moving = pin!(advance(limit + Duration::from_millis(1)));
    let _ = moving.as_mut().poll(&mut Context::from_waker(Waker::noop()));
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
    /// By the machine's clock.
    really: Duration,
    reported: u64,
    answered: u64,
    values: u64,
    astray: Option<(Option<u64>, u64)>,
    longest: u64,
    turns: u64,
    /// The most turns of the other task between two lookups.
    pause: u64,
}

impl Seen {
    /// It ended when the limit was over by the machine's clock, does so with a longer one, too, and finds no end within a day.
    fn by_the_machine(&self) -> bool {
        // With this one, an answer that goes by the other clock takes as long as before.
        let longer = Duration::from_millis(95);
        self.limit >= Duration::from_millis(20)
            && (self.limit..longer).contains(&self.really)
            && (longer..2 * longer).contains(&run(longer, |_| {}).really)
            // On a busy machine that may happen by chance. But the other clock reaches the end of a day, however late.
            && panic_of(|| run(Duration::from_secs(24 * 3600), |_| {})).is_err()
    }
}

/// Runs a benchmark beside a task that moves the clock whenever it has a turn. Fails when it finds no end.
fn run(limit: Duration, before: impl Fn(u64)) -> Seen {
    let notes = Arc::new(Notes {
        limit,
        // hermetic: tells only which clock a refused answer went by; nothing is refused for it
        start: std::time::Instant::now(),
        answered: AtomicU64::new(0),
        values: AtomicU64::new(0),
        astray: Mutex::default(),
        last_key: Mutex::default(),
        in_a_row: AtomicU64::new(0),
        longest: AtomicU64::new(0),
        turns: AtomicU64::new(0),
        by_the_last: Mutex::default(),
        pause: AtomicU64::new(0),
        in_vain: AtomicU64::new(0),
        gave_up: AtomicBool::new(false),
        brake: AtomicBool::new(false),
    });
    let memory = Memory { notes: notes.clone(), before };
    stage("the benchmark runs next to a task that moves the clock whenever it runs");
    let outcome = panic_of(|| {
        vt(async {
            let notes = notes.clone();
            tokio::spawn(async move {
                loop {
                    notes.turns.fetch_add(1, Ordering::SeqCst);
                    notes.in_a_row.store(0, Ordering::SeqCst);
                    advance(turn(limit)).await;
                }
            });
            // hermetic: tells only which clock a refused answer went by; nothing is refused for it
            let (start, really) = (Instant::now(), std::time::Instant::now());
            let reported = benchmark(&memory, limit).await;
            (reported, start.elapsed(), really.elapsed())
        })
    });
    let (answered, turns) = (notes.answered.load(Ordering::SeqCst), notes.turns.load(Ordering::SeqCst));
    let longest = notes.longest.load(Ordering::SeqCst);
    match outcome {
        Ok(((reported, took, really), _)) => Seen {
            limit,
            took,
            really,
            reported,
            answered,
            values: notes.values.load(Ordering::SeqCst),
            astray: *notes.astray.lock().unwrap(),
            longest,
            turns,
            pause: notes.pause.load(Ordering::SeqCst),
        },
        Err(text) if !notes.gave_up.load(Ordering::SeqCst) => panic!("`benchmark` panicked: {text}"),
        Err(_) if !notes.brake.load(Ordering::SeqCst) => panic!(
            "You switched the brake off. Under `unconstrained`, a task may run forever, even where Tokio would have \
             stopped it: {answered} lookups, and no other task had the thread."
        ),
        Err(_) if longest > TOO_MANY => panic!(
            "A timeout cannot fire inside a poll that never returns.\n{longest} lookups ran in a row: no other task \
             ran, and nothing checked the timer."
        ),
        Err(_) => panic!(
            "By the clock of `tokio::time`, the limit was over long ago, but `benchmark` goes on: other tasks have \
             run {turns} times since it began. The future that waits for the limit has to be polled, too, with some \
             of the budget left for it."
        ),
    }
}
