//! A gauge of how many are inside at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::activity::bump;

/// Counts how many are inside at once. Clones are the same gauge.
///
/// ```
/// let gauge = testkit::InFlight::new();
/// {
///     let _one = gauge.enter();
///     let _two = gauge.enter();
/// }
/// assert_eq!((gauge.now(), gauge.max(), gauge.total()), (0, 2, 2));
/// ```
#[derive(Debug, Clone, Default)]
pub struct InFlight {
    counts: Arc<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    now: AtomicUsize,
    max: AtomicUsize,
    total: AtomicUsize,
}

impl InFlight {
    /// An empty gauge.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Goes in; dropping the guard goes out.
    #[must_use = "the guard leaves when it is dropped"]
    pub fn enter(&self) -> InFlightGuard {
        let now = self.counts.now.fetch_add(1, Ordering::SeqCst) + 1;
        self.counts.max.fetch_max(now, Ordering::SeqCst);
        self.counts.total.fetch_add(1, Ordering::SeqCst);
        bump();
        InFlightGuard { counts: Arc::clone(&self.counts) }
    }

    /// How many are inside.
    #[must_use]
    pub fn now(&self) -> usize {
        self.counts.now.load(Ordering::SeqCst)
    }

    /// The most that were inside at once.
    #[must_use]
    pub fn max(&self) -> usize {
        self.counts.max.load(Ordering::SeqCst)
    }

    /// How many went in so far.
    #[must_use]
    pub fn total(&self) -> usize {
        self.counts.total.load(Ordering::SeqCst)
    }
}

/// Being inside an [`InFlight`] gauge.
#[derive(Debug)]
pub struct InFlightGuard {
    counts: Arc<Counts>,
}

impl Drop for InFlightGuard {
    fn drop(&mut self) {
        self.counts.now.fetch_sub(1, Ordering::SeqCst);
        bump();
    }
}
