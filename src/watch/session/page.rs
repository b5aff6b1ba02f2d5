//! What takes most of the screen.

use std::collections::{BTreeMap, BTreeSet};

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
    /// The page about the chapter.
    Book,
    /// The end of a chapter.
    Ending {
        text: String,
    },
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

/// Where each chapter's page was left, in this session.
#[derive(Debug, Default)]
pub(super) struct Books {
    /// Lines from the top, and columns from the left, by the chapter's id.
    pub(super) left: BTreeMap<String, (usize, usize)>,
    /// Chapters whose end was shown.
    pub(super) ended: BTreeSet<String>,
}
