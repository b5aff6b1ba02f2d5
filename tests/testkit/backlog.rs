//! A gauge of how long a queue is.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::activity::bump;

/// Counts what goes into a queue and what comes out of it, wherever it is in between. Clones are the same gauge.
///
/// [`InFlight`](crate::InFlight) counts guards, which somebody has to keep. This one is for two ends that share nothing but
/// the gauge: a producer that notes what it hands over, and a consumer that notes what it is done with.
///
/// ```
/// let backlog = testkit::Backlog::new();
/// backlog.push();
/// backlog.push();
/// backlog.pop();
/// assert_eq!((backlog.now(), backlog.max(), backlog.pushed(), backlog.popped()), (1, 2, 2, 1));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Backlog {
    counts: Arc<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    pushed: AtomicUsize,
    popped: AtomicUsize,
    max: AtomicUsize,
}

impl Backlog {
    /// The gauge of an empty queue.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// One more went in.
    pub fn push(&self) {
        let pushed = self.counts.pushed.fetch_add(1, Ordering::SeqCst) + 1;
        let now = pushed.saturating_sub(self.popped());
        self.counts.max.fetch_max(now, Ordering::SeqCst);
        bump();
    }

    /// One came out.
    pub fn pop(&self) {
        self.counts.popped.fetch_add(1, Ordering::SeqCst);
        bump();
    }

    /// How many are inside: 0 when more came out than went in.
    #[must_use]
    pub fn now(&self) -> usize {
        self.pushed().saturating_sub(self.popped())
    }

    /// The most that were inside at once.
    #[must_use]
    pub fn max(&self) -> usize {
        self.counts.max.load(Ordering::SeqCst)
    }

    /// How many went in so far.
    #[must_use]
    pub fn pushed(&self) -> usize {
        self.counts.pushed.load(Ordering::SeqCst)
    }

    /// How many came out so far.
    #[must_use]
    pub fn popped(&self) -> usize {
        self.counts.popped.load(Ordering::SeqCst)
    }
}
