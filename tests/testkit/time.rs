//! Runtimes for tests: virtual time, real time, and waiting until everything else is idle.

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::yield_now;
use tokio::time::Instant;

use crate::activity::{lock, seen};
use crate::harness::{clock_held, closing};
use crate::stopwatch::note_start;

/// [`settle`] returns after this many yields without a change …
const QUIET: usize = 64;
/// … and after this many in any case.
const ENOUGH: usize = 10_000;

/// Runs a future on a current-thread runtime with paused time, and tells how much virtual time it took.
///
/// Whenever every task waits, the clock jumps to the next timer: an hour of sleep costs nothing, and what runs
/// concurrently takes as long as its slowest part. Time that a thread is blocked for does not count.
///
/// ```
/// use std::time::Duration;
/// use tokio::time::sleep;
///
/// let (sum, took) = testkit::vt(async {
///     let (a, b) = tokio::join!(
///         async { sleep(Duration::from_secs(60)).await; 1 },
///         async { sleep(Duration::from_secs(90)).await; 2 },
///     );
///     a + b
/// });
/// assert_eq!((sum, took), (3, Duration::from_secs(90)));
/// ```
///
/// The runtime ends with the future: what it has spawned and not awaited is dropped.
///
/// A future that is polled again and again without the engine coming to rest, as one that wakes itself while it waits, would
/// hold the clock still for ever: `vt` panics and says so.
///
/// The clock is the test's. It may jump while the engine is parked, and by [`advance`]; when the code under test has moved
/// it itself, with Tokio's functions for tests, `vt` panics. So does it when that code has left another runtime entered,
/// because the test would read the clock there.
#[track_caller]
pub fn vt<F: Future>(future: F) -> (F::Output, Duration) {
    run(future, true)
}

/// Runs a future on a current-thread runtime in real time. Like [`vt`], it panics when the code under test has left another
/// runtime entered.
///
/// ```
/// assert_eq!(testkit::rt(async { 7 }), 7);
/// ```
#[track_caller]
pub fn rt<F: Future>(future: F) -> F::Output {
    run(future, false).0
}

#[track_caller]
fn run<F: Future>(future: F, paused: bool) -> (F::Output, Duration) {
    let engine = Engine::start(paused);
    EXPLAINED.set(Duration::ZERO);
    RESTLESS.set(0);
    // On a panic, too, the future is dropped inside its runtime, as `Runtime::block_on` has it.
    let _context = engine.runtime().enter();
    let _started = note_start();
    let home = engine.runtime().handle().id();
    let mut result = None;
    {
        let body = pin!(async {
            let start = Instant::now();
            let mut future = pin!(future);
            let output = poll_fn(|context| {
                if paused {
                    count_poll();
                }
                let polled = future.as_mut().poll(context);
                assert!(
                    Handle::current().id() == home,
                    "Your code left another runtime entered. Drop the guard that `enter` returns before your code \
                     returns, even when it returns `Pending`."
                );
                polled
            })
            .await;
            result = Some((output, start.elapsed()));
        });
        engine.drive(body);
    }
    let moved = paused && result.as_ref().is_some_and(|(_, took)| *took > EXPLAINED.get() + GRAIN);
    assert!(
        !moved,
        "Your code moved the clock of the test (`tokio::time::advance` and the like). Time has to pass while you wait."
    );
    result.expect("the future has run to its end")
}

thread_local! {
    /// Virtual time that passed while this thread's engine was parked, or because the test said so.
    static EXPLAINED: Cell<Duration> = const { Cell::new(Duration::ZERO) };
    /// When the engine was parked.
    static PARKED: Cell<Option<Instant>> = const { Cell::new(None) };
    /// How often virtual time moved while this thread's engine was parked.
    static JUMPS: Cell<u64> = const { Cell::new(0) };
    /// How often the future was polled since the engine was last parked.
    static RESTLESS: Cell<u32> = const { Cell::new(0) };
}

/// So many polls in a row are no wait. Each takes a fraction of a microsecond, and `settle` makes 10 000 at most.
const RESTLESS_POLLS: u32 = 300_000;

fn count_poll() {
    let polls = RESTLESS.get() + 1;
    RESTLESS.set(polls);
    assert!(
        polls < RESTLESS_POLLS,
        "Your code was polled {RESTLESS_POLLS} times in a row, and the runtime was never idle, so no time can pass. \
         A future that has to wait returns `Pending`, and what it waits for wakes it."
    );
}

/// How often the clock has moved because everybody slept, on this thread: once for each timer that woke somebody, and now
/// and then for Tokio's own sake.
pub(crate) fn jumps() -> u64 {
    JUMPS.get()
}

/// The grain of Tokio's clock.
const GRAIN: Duration = Duration::from_millis(1);

/// Moves the paused clock of [`vt`] by hand. Hidden tests use this in place of `tokio::time::advance`, so that they can be
/// told from the code under test.
///
/// # Panics
/// Outside of [`vt`].
pub async fn advance(by: Duration) {
    EXPLAINED.set(EXPLAINED.get() + by);
    tokio::time::advance(by).await;
}

struct Engine {
    /// Taken by drop only.
    runtime: Option<Runtime>,
    callers: Callers,
}

/// A thread that has returned from its blocking call ends after so long without another one. So one that is there when a
/// test has hung for seconds has not returned.
const IDLE: Duration = Duration::from_millis(100);

/// Threads that carry blocking calls out. While there are any, Tokio does not move a paused clock, and a test that waits for
/// a timer waits for the call.
#[derive(Clone, Default)]
struct Callers(Arc<Mutex<Option<usize>>>);

impl Callers {
    /// Of an engine with a paused clock; the others are not counted.
    fn of_paused(paused: bool) -> Self {
        Self(Arc::new(Mutex::new(paused.then_some(0))))
    }

    fn one_more(&self) {
        if let Some(number) = lock(&self.0).as_mut() {
            *number += 1;
            if *number == 1 {
                clock_held(true);
            }
        }
    }

    fn one_less(&self) {
        if let Some(number) = lock(&self.0).as_mut() {
            *number -= 1;
            if *number == 0 {
                clock_held(false);
            }
        }
    }

    /// Nobody waits for this engine's clock any more.
    fn no_matter(&self) {
        if lock(&self.0).take().is_some_and(|number| number > 0) {
            clock_held(false);
        }
    }
}

impl Engine {
    fn start(paused: bool) -> Self {
        let callers = Callers::of_paused(paused);
        let (begun, ended) = (callers.clone(), callers.clone());
        let runtime = Builder::new_current_thread()
            .enable_all()
            .start_paused(paused)
            // A current-thread runtime starts threads for blocking calls alone.
            .on_thread_start(move || begun.one_more())
            .on_thread_stop(move || ended.one_less())
            .thread_keep_alive(IDLE)
            .on_thread_park(|| {
                RESTLESS.set(0);
                PARKED.set(Some(Instant::now()));
            })
            .on_thread_unpark(|| {
                if let Some(parked) = PARKED.take() {
                    let time = parked.elapsed();
                    EXPLAINED.set(EXPLAINED.get() + time);
                    JUMPS.set(JUMPS.get() + u64::from(!time.is_zero()));
                }
            })
            .build();
        Self { runtime: Some(runtime.expect("the system has room for one more runtime")), callers }
    }

    fn runtime(&self) -> &Runtime {
        self.runtime.as_ref().expect("taken by drop only")
    }

    /// Behind `dyn`, the engine is compiled here once, not in every test anew.
    #[track_caller]
    fn drive(&self, body: Pin<&mut dyn Future<Output = ()>>) {
        self.runtime().block_on(body);
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        let runtime = self.runtime.take().expect("dropped once");
        self.callers.no_matter();
        if std::thread::panicking() {
            // A test that failed must say so, whatever still blocks one of the runtime's threads.
            runtime.shutdown_background();
            return;
        }
        // It waits for every blocking call that has begun.
        closing(true);
        drop(runtime);
        closing(false);
    }
}

/// Lets the other tasks of this current-thread runtime run until they are idle: until everything that could go on
/// without time passing has gone on.
///
/// It yields again and again, and returns when the instruments of this crate have seen nothing new and no task has
/// started or ended for 64 yields in a row, plus one for every 32 tasks alive. A task is run at least once in that
/// time if it can run at all. Virtual time does not move meanwhile.
///
/// It does not wait for threads (`spawn_blocking`, `std::thread`), for timers, for sockets. It gives up after
/// 10 000 yields, so that a task that spins for ever can be told by its polls and does not hang the test here.
///
/// ```
/// # testkit::rt(async {
/// let log = testkit::Log::new();
/// tokio::spawn({ let log = log.clone(); async move { log.push("ran") } });
/// testkit::settle().await;
/// assert_eq!(log.events(), ["ran"]);
/// # });
/// ```
///
/// # Panics
/// Outside of a Tokio runtime.
pub async fn settle() {
    let tasks = Handle::current().metrics();
    let mut last = (seen(), tasks.num_alive_tasks());
    let mut quiet = 0;
    for _ in 0..ENOUGH {
        yield_now().await;
        let now = (seen(), tasks.num_alive_tasks());
        quiet = if now == last { quiet + 1 } else { 0 };
        last = now;
        if quiet >= QUIET + now.1 / 32 {
            return;
        }
    }
}
