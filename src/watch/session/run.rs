//! A grading under way.

use crate::grader::Activity;
use crate::screen::Checked;
use crate::verdict::Diagnostic;

use super::super::event::{Change, RunId};

/// A grading under way.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) id: RunId,
    pub(super) why: Why,
    /// What it said last; `None` when it has not said anything.
    pub(super) activity: Option<Activity>,
    /// What the compiler said about the text, once it has.
    pub(super) diagnosed: Option<Vec<Diagnostic>>,
    pub(super) tick: usize,
}

/// Why something is graded.
#[derive(Debug)]
pub(super) enum Why {
    /// The learner has come to the step and has done nothing yet, or has answered a prediction, whose program runs: no attempt.
    Arrival,
    /// The learner saved.
    Save,
    /// The learner asked for it.
    Again,
    /// A check of everything: no attempts either.
    Check(Check),
}

/// A check of everything.
#[derive(Debug)]
pub(super) struct Check {
    /// Not known yet, in the workbook's order.
    pub(super) left: Vec<String>,
    /// In the order in which they were found.
    pub(super) done: Vec<Checked>,
    pub(super) total: usize,
    /// Found to be solved, and not recorded as such so far.
    pub(super) solved: Vec<Change>,
}
