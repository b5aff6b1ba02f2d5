//! One counter for everything that the instruments see, so that [`settle`](crate::settle) can tell when it stops.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

static SEEN: AtomicU64 = AtomicU64::new(0);

/// Something happened.
pub(crate) fn bump() {
    SEEN.fetch_add(1, Ordering::Relaxed);
}

/// How much has happened so far.
pub(crate) fn seen() -> u64 {
    SEEN.load(Ordering::Relaxed)
}

/// Locks, also after a panic elsewhere: the instruments must still tell what they saw of a test that failed.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
