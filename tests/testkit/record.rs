//! What is noted about a future that is watched.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Waker;
use std::thread::{self, ThreadId};
use std::time::Duration;

use crate::activity::{bump, lock};
use crate::stopwatch::Stopwatch;

/// Notes about one future, shared by the future and those who look at it.
pub(crate) struct Record {
    polls: AtomicUsize,
    polling: AtomicUsize,
    notes: Mutex<Notes>,
}

struct Notes {
    watch: Stopwatch,
    concurrent: bool,
    threads: Vec<ThreadId>,
    address: Option<usize>,
    moved: bool,
    polled_with: Option<Identity>,
    /// Behind an `Arc` it can be looked at without being taken away, and cloned without the lock.
    kept: Option<Arc<Waker>>,
    ready: bool,
    polled_after_ready: bool,
    dropped_at: Option<Duration>,
}

/// A waker's identity in the sense of `Waker::will_wake`, without keeping the waker alive.
#[derive(Clone, Copy, PartialEq)]
struct Identity {
    data: usize,
    table: usize,
}

fn identity(waker: &Waker) -> Identity {
    Identity { data: waker.data().addr(), table: (&raw const *waker.vtable()).addr() }
}

/// One poll that is going on.
pub(crate) struct Polling<'a>(&'a Record);

impl Drop for Polling<'_> {
    fn drop(&mut self) {
        self.0.polling.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Record {
    pub(crate) fn new() -> Self {
        Self {
            polls: AtomicUsize::new(0),
            polling: AtomicUsize::new(0),
            notes: Mutex::new(Notes {
                watch: Stopwatch::start(),
                concurrent: false,
                threads: Vec::new(),
                address: None,
                moved: false,
                polled_with: None,
                kept: None,
                ready: false,
                polled_after_ready: false,
                dropped_at: None,
            }),
        }
    }

    /// A poll begins, of the future at this address. The poll lasts until the result is dropped.
    pub(crate) fn poll(&self, address: usize, waker: &Waker) -> Polling<'_> {
        self.polls.fetch_add(1, Ordering::SeqCst);
        let others = self.polling.fetch_add(1, Ordering::SeqCst);
        let thread = thread::current().id();
        let mut notes = lock(&self.notes);
        notes.concurrent |= others > 0;
        if !notes.threads.contains(&thread) {
            notes.threads.push(thread);
        }
        let first = *notes.address.get_or_insert(address);
        notes.moved |= first != address;
        notes.polled_with = Some(identity(waker));
        notes.polled_after_ready |= notes.ready;
        drop(notes);
        bump();
        Polling(self)
    }

    /// Keeps the newest waker.
    pub(crate) fn keep(&self, waker: &Waker) {
        // Cloning and dropping a waker is foreign code: no lock is held meanwhile.
        if lock(&self.notes).kept.as_ref().is_some_and(|kept| kept.will_wake(waker)) {
            return;
        }
        let waker = Arc::new(waker.clone());
        let _before = lock(&self.notes).kept.replace(waker);
    }

    /// Takes the waker that is kept.
    pub(crate) fn take_kept(&self) -> Option<Arc<Waker>> {
        lock(&self.notes).kept.take()
    }

    /// A clone of the waker that is kept.
    pub(crate) fn kept(&self) -> Option<Waker> {
        let kept = lock(&self.notes).kept.clone()?;
        Some(Waker::clone(&kept))
    }

    pub(crate) fn ready(&self) {
        lock(&self.notes).ready = true;
        bump();
    }

    pub(crate) fn dropped(&self) {
        let _kept = {
            let mut notes = lock(&self.notes);
            notes.dropped_at = Some(notes.watch.read());
            notes.kept.take()
        };
        bump();
    }

    pub(crate) fn polls(&self) -> usize {
        self.polls.load(Ordering::SeqCst)
    }

    pub(crate) fn concurrent(&self) -> bool {
        lock(&self.notes).concurrent
    }

    pub(crate) fn threads(&self) -> Vec<ThreadId> {
        lock(&self.notes).threads.clone()
    }

    pub(crate) fn moved(&self) -> bool {
        lock(&self.notes).moved
    }

    pub(crate) fn polled_with(&self, waker: &Waker) -> bool {
        lock(&self.notes).polled_with == Some(identity(waker))
    }

    pub(crate) fn is_ready(&self) -> bool {
        lock(&self.notes).ready
    }

    pub(crate) fn polled_after_ready(&self) -> bool {
        lock(&self.notes).polled_after_ready
    }

    pub(crate) fn dropped_at(&self) -> Option<Duration> {
        lock(&self.notes).dropped_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlapping_polls_are_concurrent_and_polls_in_turn_are_not() {
        let record = Record::new();
        for _ in 0..3 {
            drop(record.poll(1, Waker::noop()));
        }
        assert!(!record.concurrent());
        let first = record.poll(1, Waker::noop());
        assert!(!record.concurrent());
        thread::scope(|scope| {
            scope.spawn(|| drop(record.poll(1, Waker::noop())));
        });
        assert!(record.concurrent());
        drop(first);
        assert_eq!((record.polls(), record.threads().len()), (5, 2));
    }
}
