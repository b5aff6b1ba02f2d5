//! Whether somebody waits as a future waits: for as long as it takes, without holding the thread, without looking again and
//! again.

use std::fmt;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use tokio::time::sleep;

use crate::activity::{bump, lock};

/// A future may ask again within one poll, as a loop around `select!` does. One that has asked so often is not going to
/// return before it has its answer.
const KEPT: usize = 20;

/// More than any wait of a test, and less than a Tokio timer can count.
const NEVER: Duration = Duration::from_secs(400 * 24 * 60 * 60);

/// Watches a future, and how it waits for the answers that the test gives it. Clones are the same watch.
///
/// ```
/// use std::time::Duration;
/// use testkit::{Impatience, Patience, vt};
///
/// let week = Duration::from_secs(7 * 24 * 60 * 60);
/// let patience = Patience::new();
/// let answer = patience.answer(week);
/// let (waited, took) = vt(patience.watch(4, async { answer.await; 7 }));
/// assert_eq!((waited, took), (Ok(7), week));
///
/// let (waited, _) = vt(patience.watch(4, std::future::pending::<()>()));
/// assert_eq!(waited, Err(Impatience::Stuck));
/// ```
#[derive(Clone, Default)]
pub struct Patience {
    seen: Arc<Mutex<Seen>>,
}

#[derive(Default)]
struct Seen {
    polls: usize,
    kept: bool,
}

/// How a future waited that did not wait as it should.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Impatience {
    /// Within one poll of it, an answer was polled again and again until it was there: the thread was held meanwhile.
    Kept,
    /// It was polled more often than the test allows, so it saw to more polls than its answers did.
    Restless,
    /// It was not done after 400 days: nothing wakes it any more, or it never gets to its end.
    Stuck,
}

impl Patience {
    /// A watch that has seen nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An answer that takes so long, for an implementation of a trait that the test injects. It needs one poll more than
    /// `sleep` does: the first one wakes the task at once, so that an engine of the learner's own comes to a second poll,
    /// and is seen, before it would wait for a clock that it holds itself. Once it is seen, answers are there at once.
    pub async fn answer(&self, takes: Duration) {
        let mut first = None;
        let mut times = 0;
        let patient = poll_fn(|context| {
            let mut seen = lock(&self.seen);
            if *first.get_or_insert(seen.polls) != seen.polls {
                return Poll::Ready(true);
            }
            times += 1;
            seen.kept |= times > KEPT;
            if seen.kept {
                return Poll::Ready(false);
            }
            drop(seen);
            context.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
        if patient {
            sleep(takes).await;
        }
        bump();
    }

    /// Carries `future` out, within [`vt`](crate::vt), with `most` polls. An answer costs up to two.
    ///
    /// # Errors
    /// When it did not wait as a future waits.
    pub async fn watch<F: Future>(&self, most: usize, future: F) -> Result<F::Output, Impatience> {
        let mut future = pin!(future);
        let mut polls = 0;
        let watched = poll_fn(|context| {
            if polls == most {
                return Poll::Ready(Err(Impatience::Restless));
            }
            polls += 1;
            lock(&self.seen).polls += 1;
            let poll = future.as_mut().poll(context);
            if lock(&self.seen).kept {
                return Poll::Ready(Err(Impatience::Kept));
            }
            poll.map(Ok)
        });
        // Not `timeout`: that polls once more when the time is up, and would rescue a future that nobody woke.
        tokio::select! {
            biased;
            () = sleep(NEVER) => Err(Impatience::Stuck),
            waited = watched => waited,
        }
    }

    /// As [`watch`](Self::watch), with each poll made by another task: whenever the future waits, one more task polls it,
    /// and only the newest is there to be woken. A future that keeps the waker of an earlier poll is stuck.
    ///
    /// # Errors
    /// When it did not wait as a future waits.
    pub async fn pass_on<F: Future>(&self, most: usize, future: F) -> Result<F::Output, Impatience> {
        let mut future = pin!(future);
        let mut newest: Option<Arc<Task>> = None;
        let passed_on = poll_fn(|context| {
            if let Some(before) = newest.take() {
                before.gone.store(true, Ordering::SeqCst);
            }
            let first = future.as_mut().poll(&mut Context::from_waker(Waker::noop()));
            if first.is_ready() {
                return first;
            }
            let task = Arc::new(Task { driver: context.waker().clone(), gone: AtomicBool::new(false) });
            newest = Some(Arc::clone(&task));
            future.as_mut().poll(&mut Context::from_waker(&Waker::from(task)))
        });
        self.watch(most, passed_on).await
    }

    /// How often the watched future was polled.
    #[must_use]
    pub fn polls(&self) -> usize {
        lock(&self.seen).polls
    }
}

/// One that has polled, and waits to be woken until another one polls.
struct Task {
    driver: Waker,
    gone: AtomicBool,
}

impl Wake for Task {
    fn wake(self: Arc<Self>) {
        if !self.gone.load(Ordering::SeqCst) {
            self.driver.wake_by_ref();
        }
    }
}

impl fmt::Debug for Patience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Patience").field("polls", &self.polls()).finish_non_exhaustive()
    }
}
