//! A waker that counts.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Waker;

use crate::activity::{bump, lock};
use crate::raw_waker;

/// Hands out wakers that count how often they are woken, and how many of them are alive. Clones share the counts.
///
/// ```
/// let counter = testkit::CountingWaker::new();
/// let waker = counter.waker();
/// let kept = waker.clone();
/// drop(waker);
/// kept.wake();
/// assert_eq!((counter.wakes(), counter.live_clones()), (1, 0));
/// ```
#[derive(Clone, Default)]
pub struct CountingWaker {
    tally: Arc<Tally>,
}

type Hook = Arc<dyn Fn() + Send + Sync>;

/// What the wakers of one [`CountingWaker`] report to.
#[derive(Default)]
pub(crate) struct Tally {
    wakes: AtomicUsize,
    alive: AtomicUsize,
    on_clone: Mutex<Option<Hook>>,
    on_wake: Mutex<Option<Hook>>,
    on_drop: Mutex<Option<Hook>>,
}

impl CountingWaker {
    /// Nothing woken, no waker handed out.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A waker. Those of one `CountingWaker` are equal in the sense of `Waker::will_wake`.
    #[must_use]
    pub fn waker(&self) -> Waker {
        raw_waker::waker(Arc::clone(&self.tally))
    }

    /// How often one of them was woken, by value or by reference.
    #[must_use]
    pub fn wakes(&self) -> usize {
        self.tally.wakes.load(Ordering::SeqCst)
    }

    /// How many wakers are alive: those that [`waker`](Self::waker) handed out, and all their clones.
    #[must_use]
    pub fn live_clones(&self) -> usize {
        self.tally.alive.load(Ordering::SeqCst)
    }

    /// Calls `hook` from now on whenever one of the wakers is about to be cloned, on the thread that clones it. The
    /// hook may do whatever it likes: no lock is held. One that clones such a waker calls itself. Replaces the hook
    /// before it.
    pub fn on_clone(&self, hook: impl Fn() + Send + Sync + 'static) {
        set(&self.tally.on_clone, Arc::new(hook));
    }

    /// Calls `hook` from now on whenever one of the wakers is woken, after it was counted, on the thread that wakes
    /// it. The hook may do whatever it likes: no lock is held. Replaces the hook before it.
    pub fn on_wake(&self, hook: impl Fn() + Send + Sync + 'static) {
        set(&self.tally.on_wake, Arc::new(hook));
    }

    /// Calls `hook` from now on whenever one of the wakers has been dropped without being woken, on the thread that drops
    /// it. The hook may do whatever it likes: no lock is held. Replaces the hook before it.
    pub fn on_drop(&self, hook: impl Fn() + Send + Sync + 'static) {
        set(&self.tally.on_drop, Arc::new(hook));
    }
}

impl fmt::Debug for CountingWaker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CountingWaker")
            .field("wakes", &self.wakes())
            .field("live_clones", &self.live_clones())
            .finish()
    }
}

impl Tally {
    pub(crate) fn born(&self) {
        self.alive.fetch_add(1, Ordering::SeqCst);
    }

    pub(crate) fn died(&self) {
        self.alive.fetch_sub(1, Ordering::SeqCst);
    }

    pub(crate) fn cloning(&self) {
        call(&self.on_clone);
    }

    pub(crate) fn dropped(&self) {
        self.died();
        call(&self.on_drop);
    }

    pub(crate) fn woken(&self) {
        self.wakes.fetch_add(1, Ordering::SeqCst);
        bump();
        call(&self.on_wake);
    }
}

fn set(slot: &Mutex<Option<Hook>>, hook: Hook) {
    // The hook before it is dropped after the lock is.
    let _before = lock(slot).replace(hook);
}

fn call(slot: &Mutex<Option<Hook>>) {
    let hook = lock(slot).clone();
    if let Some(hook) = hook {
        hook();
    }
}
