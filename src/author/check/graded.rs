//! What a grading of everything carries: who grades, the texts, and what was found.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::finding::{Finding, Rule};
use super::subject::Subject;
use super::times::Slowest;
use crate::grader::{Grader, Source};
use crate::verdict::{Broken, Kind, Verdict};
use crate::workbook::{Exercise, Expectation};

/// What grades.
pub struct Graders {
    /// With the rights of whoever runs it, as a learner's watcher has them. It takes nothing from the cache.
    pub plain: Grader,
    /// Behind walls, as `grade` does it, where the machine can build them.
    pub walled: Option<Grader>,
}

/// What a grading of everything found.
#[derive(Debug, Default)]
pub(super) struct Graded {
    pub(super) findings: Vec<Finding>,
    /// The slowest hidden test of each exercise, on an accepted answer that was graded alone.
    pub(super) slowest: BTreeMap<String, Slowest>,
    /// The hidden tests of each exercise that have refused its starter or a wrong answer.
    pub(super) refusing: BTreeMap<String, BTreeSet<String>>,
    /// Something that is not the exercises' fault.
    pub(super) broken: Option<Broken>,
}

/// A text to grade.
pub(super) struct Text<'a> {
    pub(super) subject: &'a Subject,
    pub(super) path: String,
    pub(super) source: &'a str,
    pub(super) kind: TextKind<'a>,
}

#[derive(Clone, Copy)]
pub(super) enum TextKind<'a> {
    Starter,
    Solution,
    Right,
    Wrong(&'a Expectation),
}

impl Text<'_> {
    pub(super) fn exercise(&self) -> &Arc<Exercise> {
        &self.subject.exercise
    }

    pub(super) fn submission(&self) -> (Arc<Exercise>, Source) {
        (Arc::clone(self.exercise()), Source::Text(self.source.to_owned()))
    }

    /// What it must be refused for; `None` where it must be accepted, or a starter declares nothing.
    pub(super) fn expectation(&self) -> Option<Expectation> {
        match self.kind {
            TextKind::Starter => {
                let fails = self.exercise().starter_fails.clone()?;
                Some(Expectation { fails, says: String::new() })
            }
            TextKind::Wrong(expectation) => Some(expectation.clone()),
            TextKind::Solution | TextKind::Right => None,
        }
    }

    pub(super) fn rule(&self) -> Rule {
        match self.kind {
            TextKind::Starter => Rule::Starter,
            TextKind::Solution => Rule::Solution,
            TextKind::Right => Rule::Right,
            TextKind::Wrong(_) => Rule::Wrong,
        }
    }

    pub(super) fn found(
        &self,
        rule: Rule,
        line: impl Into<Option<usize>>,
        problem: impl Into<String>,
    ) -> Finding {
        Finding::of(self.exercise(), rule, self.path.clone(), line, problem)
    }
}

impl Graded {
    /// Keeps what is not the exercises' fault; whether it was that.
    pub(super) fn broke(&mut self, verdict: &Verdict) -> bool {
        if self.broken.is_none() {
            self.broken.clone_from(&verdict.broken);
        }
        verdict.kind == Kind::Broken
    }
}

/// The line of a hidden test.
pub(super) fn line_of(exercise: &Exercise, test: &str) -> usize {
    if exercise.subject.is_some() {
        return 1;
    }
    let starts = [format!("fn {test}("), format!("mod {test} ")];
    let is_start = |line: &str| starts.iter().any(|start| line.contains(start));
    exercise.hidden.source.lines().position(is_start).map_or(1, |at| at + 1)
}
