//! Values that count their clones.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::activity::bump;

/// Counts how often the values that were [made](Copies::of) with it are cloned, and how many of them exist. Clones of the
/// counter are the same one.
///
/// ```
/// let copies = testkit::Copies::new();
/// let original = copies.of("a payment");
/// let copy = original.clone();
/// assert_eq!((*copy, copies.clones(), copies.alive()), ("a payment", 1, 2));
/// drop((original, copy));
/// assert_eq!((copies.clones(), copies.alive()), (1, 0));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Copies {
    counts: Arc<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    clones: AtomicUsize,
    alive: AtomicUsize,
}

impl Copies {
    /// A counter of nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A value that is counted.
    #[must_use = "it is dropped at once"]
    pub fn of<T>(&self, value: T) -> Counted<T> {
        self.counts.alive.fetch_add(1, Ordering::SeqCst);
        Counted { value, copies: self.clone() }
    }

    /// How many clones were made of its values.
    #[must_use]
    pub fn clones(&self) -> usize {
        self.counts.clones.load(Ordering::SeqCst)
    }

    /// How many of its values exist, originals and clones.
    #[must_use]
    pub fn alive(&self) -> usize {
        self.counts.alive.load(Ordering::SeqCst)
    }
}

/// A value that tells its [`Copies`] when it is cloned and when it is dropped. It can be used like the value itself.
#[derive(Debug)]
pub struct Counted<T> {
    value: T,
    copies: Copies,
}

impl<T> Deref for Counted<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: Clone> Clone for Counted<T> {
    fn clone(&self) -> Self {
        let copy = self.copies.of(self.value.clone());
        self.copies.counts.clones.fetch_add(1, Ordering::SeqCst);
        bump();
        copy
    }
}

impl<T> Drop for Counted<T> {
    fn drop(&mut self) {
        self.copies.counts.alive.fetch_sub(1, Ordering::SeqCst);
        bump();
    }
}
