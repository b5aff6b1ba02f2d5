//! Threads that come in between each other, on a machine that is busy or has one core as well.

use std::fmt;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Barrier, Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use tokio::runtime::Builder;

use crate::activity::lock;
use crate::effort::Effort;
use crate::long_wait::stalled;
use crate::panics::panic_of;
use crate::system::{self, Thread, held};

/// Threads that run without a pause, and threads that nap after each turn. One that gets up takes the core from one that
/// runs, wherever that one is.
const RUNNING: usize = 2;
const NAPPING: usize = 8;
const NAP: Duration = Duration::from_micros(20);
/// It is over after so many naps and holdups, or earlier: where a thread cannot be held up after so long, elsewhere after so much
/// CPU time, which the running threads use up while a busy machine lets few naps and holdups happen.
const ENOUGH_NAPS: usize = 3_000;
const ENOUGH_HOLDUPS: usize = 500;
const HASTE: Duration = Duration::from_millis(250);
const EFFORT: Duration = Duration::from_millis(250);
/// After so many holdups without a turn there are no more.
const IN_VAIN: usize = 2_000;
/// A thread that was held up runs for about as long before the next holdup.
const BETWEEN_HOLDUPS: Duration = Duration::from_micros(20);

/// What became of turns that did not all come to their end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Jostled {
    /// One of them panicked, with this text.
    Panicked(String),
    /// One of them waits, and it is certain that no other one goes on.
    Stuck,
}

impl fmt::Display for Jostled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Panicked(text) => write!(f, "one of them panicked: {text}"),
            Self::Stuck => f.write_str("one of them waits forever, and none of them continues"),
        }
    }
}

/// Calls `running` again and again on two threads, and on eight others `napping`, each time with a short nap behind it: until
/// that has happened a few thousand times. Each thread has a runtime of its own, in real time.
///
/// On Linux, the two threads are held up at some instruction meanwhile, hundreds of times, for about fifty microseconds: what
/// others must not do between two steps of `running`, they then have the time to do, however busy the machine is.
///
/// A right answer is not measured by it: it passes however many turns there were.
///
/// ```
/// use std::sync::atomic::{AtomicU64, Ordering};
/// use testkit::jostle;
///
/// let (turns, count) = (AtomicU64::new(0), AtomicU64::new(0));
/// let turn = async || {
///     turns.fetch_add(1, Ordering::SeqCst);
///     count.fetch_add(1, Ordering::SeqCst);
/// };
/// jostle(turn, turn).unwrap();
/// assert_eq!(count.into_inner(), turns.into_inner());
/// ```
///
/// # Errors
/// When a turn panicked, or waits for ever. Nobody begins another turn then.
pub fn jostle(running: impl AsyncFn() + Sync, napping: impl AsyncFn() + Sync) -> Result<(), Jostled> {
    let game = Game {
        start: Barrier::new(RUNNING + NAPPING),
        turns: AtomicUsize::new(0),
        naps: AtomicUsize::new(0),
        over: AtomicBool::new(false),
        ends: Mutex::new(Vec::new()),
        held_before: held().unwrap_or_default(),
        effort_before: system::process(),
        started: Instant::now(),
    };
    thread::scope(|scope| {
        let (game, running, napping) = (&game, &running, &napping);
        let mut threads = Vec::new();
        let (tell, told) = mpsc::channel();
        for _ in 0..RUNNING {
            let tell = tell.clone();
            threads.push(scope.spawn(move || {
                // The receiver waits for it.
                let _ = tell.send(Thread::current());
                game.play(running, || {});
            }));
        }
        for _ in 0..NAPPING {
            threads.push(scope.spawn(move || game.play(napping, || game.nap())));
        }
        game.hold_up(&told.iter().take(RUNNING).collect::<Vec<_>>());
        for thread in threads {
            thread.join().unwrap_or_else(|payload| resume_unwind(payload));
        }
    });
    let mut ends = game.ends.into_inner().expect("nobody panics with it");
    // A thread that panics while it holds a lock makes others panic, too: the cause comes first.
    ends.sort_by_key(|end| matches!(end, Jostled::Panicked(text) if text.contains("PoisonError")));
    ends.into_iter().next().map_or(Ok(()), Err)
}

struct Game {
    start: Barrier,
    turns: AtomicUsize,
    naps: AtomicUsize,
    /// Nobody begins another turn.
    over: AtomicBool,
    ends: Mutex<Vec<Jostled>>,
    held_before: usize,
    effort_before: Option<Effort>,
    started: Instant,
}

impl Game {
    fn play(&self, turn: &impl AsyncFn(), between: impl Fn()) {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.expect("the system has room for one more runtime");
        self.start.wait();
        let turns = async {
            while self.goes_on() {
                turn().await;
                self.turns.fetch_add(1, Ordering::Relaxed);
                between();
            }
        };
        let outcome = panic_of(|| {
            // In one go: what starts and ends a runtime's poll would take longer than a turn.
            runtime.block_on(async {
                tokio::select! {
                    biased;
                    () = turns => Ok(()),
                    () = stalled(|| self.turns.load(Ordering::Relaxed)) => Err(Jostled::Stuck),
                }
            })
        });
        if let Err(jostled) = outcome.unwrap_or_else(|text| Err(Jostled::Panicked(text))) {
            self.over.store(true, Ordering::Relaxed);
            lock(&self.ends).push(jostled);
        }
    }

    fn goes_on(&self) -> bool {
        let holdups = held().map_or(ENOUGH_HOLDUPS, |held| held - self.held_before);
        let enough = self.naps.load(Ordering::Relaxed) >= ENOUGH_NAPS && holdups >= ENOUGH_HOLDUPS;
        !enough && !self.over.load(Ordering::Relaxed)
    }

    /// Ends it when it has taken long enough. Those who run do not ask: their turns would be longer for it.
    fn watch(&self) {
        let long = match (self.effort_before, system::process()) {
            (Some(before), Some(now)) => now.cpu.saturating_sub(before.cpu) >= EFFORT,
            _ => self.started.elapsed() >= HASTE,
        };
        if long {
            self.over.store(true, Ordering::Relaxed);
        }
    }

    /// Holds up one after the other, on the thread that has started them and has not joined them yet.
    fn hold_up(&self, threads: &[Thread]) {
        let (mut seen, mut in_vain) = (0, 0);
        for thread in threads.iter().cycle() {
            let turns = self.turns.load(Ordering::Relaxed);
            in_vain = if turns == seen { in_vain + 1 } else { 0 };
            seen = turns;
            // Threads that block each other are left asleep, for the grader to see.
            if held().is_none() || !self.goes_on() || in_vain == IN_VAIN {
                return;
            }
            thread.hold();
            self.watch();
            #[expect(clippy::disallowed_methods, reason = "nobody else runs on this thread")]
            thread::sleep(BETWEEN_HOLDUPS);
        }
    }

    fn nap(&self) {
        #[expect(clippy::disallowed_methods, reason = "getting up takes the core from a thread that runs")]
        thread::sleep(NAP);
        self.naps.fetch_add(1, Ordering::Relaxed);
        self.watch();
    }
}
