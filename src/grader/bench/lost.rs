//! Panics of hidden tests' own code that fail nothing.

use std::collections::BTreeSet;
use std::sync::Mutex;

/// Panics of hidden tests that failed nothing, one a place.
pub(in crate::grader) type LostPanics = Mutex<BTreeSet<LostPanic>>;

/// A panic of a hidden test's own code, in a task or a thread, that has not kept the test from passing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LostPanic {
    /// The exercise's name.
    pub exercise: String,
    /// The hidden test.
    pub test: String,
    /// The line of the hidden tests, from 1.
    pub line: usize,
    /// The first line of its message.
    pub message: String,
}

impl LostPanic {
    pub(in crate::grader) fn is_at(&self, other: &Self) -> bool {
        (&self.exercise, &self.test, self.line) == (&other.exercise, &other.test, other.line)
    }
}
