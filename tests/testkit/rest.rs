//! Whether the runtime comes to rest while the code under test waits, whichever of its tasks it is that does not.

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::activity::{lock, seen};
use crate::effort::Effort;
use crate::long_wait::stalled_or;
use crate::time::jumps;
use crate::within::NEVER;

/// The silences that make up a month. Somebody who naps does so hundreds of times in one of them, and not often enough to be
/// told in those before it.
const SILENCES: [Duration; 5] = [
    Duration::from_millis(100),
    Duration::from_secs(10),
    Duration::from_secs(15 * 60),
    Duration::from_secs(24 * 3600),
    Duration::from_secs(30 * 24 * 3600),
];

/// CPU time that the runtime's thread uses without any event only if somebody asks again and again. Less than a test may use at all, so
/// on a busy machine the test still tells this itself, in place of the grader.
const BURNT: Duration = Duration::from_millis(250);

/// A long sleep moves the clock a few times itself.
const TURNS: u64 = 40;

/// Why a wait was none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unrest {
    /// Everybody sleeps, and nobody is left who would wake anybody.
    Asleep,
    /// The runtime never came to rest, so no time could pass: somebody asks again and again, or blocks a thread.
    Awake,
    /// Nothing happened, and within so long somebody was woken by the clock, again and again.
    Naps(Duration),
    /// The future was polled more often than the test allows, so it asks again and again itself.
    Polled(usize),
}

/// Carries a future out within [`vt`](crate::vt), with `most` polls, and says why it does not come to its end.
///
/// [`within_polls`](crate::within_polls) sees a future that asks again and again. This one sees a task beside it, too, which
/// would keep the clock from moving.
///
/// ```
/// use std::time::Duration;
/// use testkit::{Unrest, to_its_end, vt};
/// use tokio::time::{Instant, sleep};
///
/// assert_eq!(vt(to_its_end(9, async { sleep(Duration::from_secs(3600)).await; 7 })).0, Ok(7));
/// assert_eq!(vt(to_its_end(9, std::future::pending::<()>())).0, Err(Unrest::Asleep));
/// ```
///
/// # Errors
/// When everybody sleeps and nothing can happen any more; when the runtime never comes to rest, or somebody naps without end;
/// when the future was polled too often.
pub async fn to_its_end<F: Future>(most: usize, future: F) -> Result<F::Output, Unrest> {
    let mut future = pin!(future);
    let (mut polls, woken) = (0, Arc::new(Woken::default()));
    let waker = Waker::from(Arc::clone(&woken));
    // Polled only if it was woken itself, and not along with the others here.
    let counted = poll_fn(|context| {
        *lock(&woken.task) = Some(context.waker().clone());
        if polls > 0 && !woken.flag.swap(false, Ordering::SeqCst) {
            return Poll::Pending;
        }
        if polls == most {
            return Poll::Ready(Err(Unrest::Polled(most)));
        }
        polls += 1;
        future.as_mut().poll(&mut Context::from_waker(&waker)).map(Ok)
    });
    tokio::select! {
        biased;
        // Before the future: polled once more, one that nobody woke might find that it is done.
        () = sleep(NEVER) => Err(Unrest::Asleep),
        output = counted => output,
        unrest = no_rest() => Err(unrest),
    }
}

/// Whether a future has been woken, and the task that carries it out.
#[derive(Default)]
pub(crate) struct Woken {
    pub(crate) flag: AtomicBool,
    pub(crate) task: Mutex<Option<Waker>>,
}

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.flag.store(true, Ordering::SeqCst);
        let task = lock(&self.task).clone();
        if let Some(task) = task {
            task.wake();
        }
    }
}

/// Lets about a month pass in which nothing happens, and says if somebody could not wait.
///
/// ```
/// use testkit::{silence, vt};
///
/// vt(async {
///     tokio::spawn(std::future::pending::<()>());
///     assert_eq!(silence().await, Ok(()));
/// });
/// ```
///
/// # Errors
/// When the runtime never comes to rest, and when somebody gets up by the clock.
///
/// # Panics
/// Outside of [`vt`](crate::vt).
pub async fn silence() -> Result<(), Unrest> {
    for time in SILENCES {
        let before = jumps();
        tokio::select! {
            biased;
            () = sleep(time) => {}
            unrest = no_rest() => return Err(unrest),
        }
        if jumps() - before > TURNS {
            return Err(Unrest::Naps(time));
        }
    }
    Ok(())
}

/// Returns when nothing has happened for so long that the clock of a runtime at rest would have moved to the end of the wait.
async fn no_rest() -> Unrest {
    let mut since = (seen(), Instant::now());
    let cpu = || Effort::of_this_thread().map(|effort| effort.cpu);
    // What this thread had used when something last happened.
    let used = Cell::new(cpu());
    let progress = || {
        let now = seen();
        if now != since.0 {
            since = (now, Instant::now());
            used.set(cpu());
        }
        now
    };
    let burns = || used.get().zip(cpu()).is_some_and(|(then, now)| now.saturating_sub(then) >= BURNT);
    stalled_or(progress, burns).await;
    match since.1.elapsed() {
        Duration::ZERO => Unrest::Awake,
        time => Unrest::Naps(time),
    }
}
