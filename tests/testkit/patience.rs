//! Waiting long enough to be sure: for those who give up or look now and then, and for what will never come.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::task::yield_now;
use tokio::time::Instant;

use crate::time::advance;

/// Turns for everybody else before any time passes, and steps of each length.
const TURNS: usize = 32;

/// How far the clock moves at a time: whoever naps for as long as that or less is woken by each step.
const STEPS: [Duration; 5] = [
    Duration::from_millis(1),
    Duration::from_millis(100),
    Duration::from_secs(10),
    Duration::from_secs(3600),
    Duration::from_secs(24 * 3600),
];

/// Rounds without progress after which [`stalled`] is sure.
const ROUNDS: usize = 300;

/// What the code under test did during a [`long_wait`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waited {
    /// Polls while no time passed. One that is always ready has dozens.
    pub spins: usize,
    /// Polls while time passed. One that naps has dozens, whatever the length of its nap.
    pub naps: usize,
    /// The time that passed; about a month if it did not end before.
    pub took: Duration,
    /// Whether it ended.
    pub over: bool,
}

/// Lets nothing happen for a long time: first all others have their turns, then the paused clock moves in steps from a
/// millisecond to a day. After each step it asks `look` how often the code under test has been polled, and whether it has
/// ended; then it returns, as it does when it has seen enough polls without time.
///
/// No fixed nap and no time limit of the code under test is too short or too long to show.
///
/// ```
/// use std::time::Duration;
/// use testkit::{Probe, long_wait, vt};
///
/// vt(async {
///     let (napper, probe) = Probe::new(async { loop { tokio::time::sleep(Duration::from_secs(7)).await } });
///     tokio::spawn(napper);
///     let waited = long_wait(|| (probe.polls(), probe.finished())).await;
///     assert!(waited.naps >= 30 && !waited.over);
/// });
/// ```
///
/// # Panics
/// Outside of [`vt`](crate::vt).
pub async fn long_wait(mut look: impl FnMut() -> (usize, bool)) -> Waited {
    let start = Instant::now();
    let (first, over) = look();
    let mut waited = Waited { spins: 0, naps: 0, took: Duration::ZERO, over };
    for _ in 0..TURNS {
        if waited.over {
            return waited;
        }
        yield_now().await;
        let (polls, over) = look();
        waited = Waited { spins: polls - first, over, ..waited };
    }
    if waited.spins > TURNS / 2 {
        // It is ready all the time; more of that would tell nothing new, and each of its polls may be slow.
        return waited;
    }
    for step in STEPS.iter().flat_map(|step| [*step; TURNS]) {
        if waited.over {
            return waited;
        }
        advance(step).await;
        // The driver wakes those who are due, they are polled, and what they have woken is polled.
        for _ in 0..3 {
            yield_now().await;
        }
        let (polls, over) = look();
        waited = Waited { naps: polls - first - waited.spins, took: start.elapsed(), over, ..waited };
    }
    waited
}

/// Waits until it is certain that nothing goes on: until `progress` has stayed the same while another thread lay down and
/// got up 300 times. On a busy machine that takes as much longer as everything else does.
///
/// For what only a wrong answer lets come to that; a right one goes on at once.
///
/// ```
/// # testkit::rt(async {
/// let never = std::future::pending::<()>();
/// tokio::select! {
///     () = never => unreachable!(),
///     () = testkit::stalled(|| 0) => {}
/// }
/// # });
/// ```
pub async fn stalled<T: PartialEq>(mut progress: impl FnMut() -> T) {
    let (ask, asked) = mpsc::channel::<oneshot::Sender<()>>();
    thread::spawn(move || {
        for back in asked {
            #[expect(
                clippy::disallowed_methods,
                reason = "it counts how often a thread can sleep, not for how long"
            )]
            thread::sleep(Duration::from_millis(1));
            let _ = back.send(());
        }
    });
    let mut last = progress();
    let mut rounds = 0;
    while rounds < ROUNDS {
        let (back, answered) = oneshot::channel();
        if ask.send(back).is_err() || answered.await.is_err() {
            return;
        }
        let now = progress();
        rounds = if now == last { rounds + 1 } else { 0 };
        last = now;
    }
}
