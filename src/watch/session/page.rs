//! What takes most of the screen.

use crate::screen::ListFilter;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Page {
    Welcome,
    /// For whoever comes back.
    Back {
        text: String,
    },
    Step,
    List(Listing),
    Timeline,
    Help,
    Program,
    /// What to do, and the starter.
    Task,
    Solution {
        /// The learner's text.
        own: String,
    },
    Farewell,
}

/// A question that the next key answers: it does what was asked, or it is an ordinary key again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Question {
    Skip,
    Reset,
}

/// The list, as it is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Listing {
    /// Index of a step, among all of them.
    pub(super) cursor: usize,
    pub(super) filter: ListFilter,
}

impl Listing {
    /// All steps, with the cursor at this one.
    pub(super) fn at(cursor: usize) -> Self {
        Self { cursor, filter: ListFilter::default() }
    }
}
