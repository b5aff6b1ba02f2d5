//! One exercise to check.

use std::sync::Arc;

use super::places::Place;
use crate::workbook::{Answer, Exercise};

/// One exercise to check.
pub(super) struct Subject {
    pub(super) exercise: Arc<Exercise>,
    /// The wrong and right answers that can be read.
    pub(super) answers: Vec<Answer>,
    pub(super) place: Place,
    /// Whether no fault of the format stands in the way.
    pub(super) gradable: bool,
    /// Its other answers, which have been told as faults of the format.
    pub(super) unreadable: Unreadable,
}

/// How many answers of an exercise cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Unreadable {
    pub(super) right: usize,
    pub(super) wrong: usize,
}

impl Subject {
    /// Whether a file is this exercise's alone.
    pub(super) fn owns(&self, file: &str) -> bool {
        let Exercise { chapter, name, .. } = self.exercise.as_ref();
        let own = format!("/{chapter}/{name}");
        file.split_once(&own).is_some_and(|(_, rest)| rest == ".rs" || rest.starts_with('/'))
    }

    /// Whether a fault of that file keeps the exercise from being graded. One of an answer keeps only the answer.
    pub(super) fn is_spoilt_by(&self, file: &str) -> bool {
        let manifest = format!("exercises/{}/chapter.toml", self.exercise.chapter);
        file == manifest
            || file.starts_with("exercises/workbook.")
            || file.starts_with("tests/testkit")
            || self.owns(file) && !file.starts_with("tests/wrong") && !file.starts_with("tests/right")
    }
}
