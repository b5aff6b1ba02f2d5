//! What came of mutants.

use std::sync::Arc;

use super::{Mutant, Operator};
use crate::author::refusal::refused_by;
use crate::verdict::{Kind, Verdict};
use crate::workbook::{Equivalent, Exercise, Fault};

/// A mutant that was graded.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Whose solution it was made of.
    pub exercise: Arc<Exercise>,
    /// What was graded.
    pub mutant: Mutant,
    /// Which of those that are alike; see [`Equivalent::nth`].
    pub nth: Option<usize>,
    /// The verdict on it.
    pub kind: Kind,
    /// The hidden tests that did not accept it, in their order.
    pub tests: Vec<String>,
    /// Its record as an equivalent mutant.
    pub record: Option<Equivalent>,
}

/// What a mutant says about the hidden tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// They, or the compiler, do not accept it.
    Caught,
    /// They accept it, and must: it behaves like the solution.
    Equivalent,
    /// They accept it, and nobody has said why.
    Survived,
    /// It could not be graded.
    Broken,
}

impl Outcome {
    /// Joins a mutant with the verdict on it.
    #[must_use]
    pub fn new(
        exercise: &Arc<Exercise>,
        mutant: Mutant,
        nth: Option<usize>,
        verdict: &Verdict,
        record: Option<&Equivalent>,
    ) -> Self {
        let tests = refused_by(verdict).map(str::to_owned).collect();
        let record = record.cloned();
        Self { exercise: Arc::clone(exercise), mutant, nth, kind: verdict.kind, tests, record }
    }

    /// What it says about the hidden tests.
    #[must_use]
    pub fn state(&self) -> State {
        match (self.kind, &self.record) {
            (Kind::Broken, _) => State::Broken,
            (Kind::Passed, Some(_)) => State::Equivalent,
            (Kind::Passed, None) => State::Survived,
            _ => State::Caught,
        }
    }

    /// A record that is refuted: hidden tests do tell the mutant from the solution. A hang is no proof of that, since a
    /// busy machine can be one.
    #[must_use]
    pub fn refuted(&self) -> Option<Fault> {
        let record = self.record.as_ref()?;
        let by = match (self.kind, self.tests.first()) {
            (Kind::DoesNotCompile, _) => "the compiler refuses it".to_owned(),
            (Kind::Failed | Kind::Crashed, Some(test)) => format!("`{test}` catches it"),
            _ => return None,
        };
        let problem = format!("is not equivalent: {by}; delete the record");
        Some(Fault { file: record.file.clone(), line: Some(record.line), problem })
    }

    /// The file of the solution, below the workbook's root.
    #[must_use]
    pub fn file(&self) -> String {
        format!("solutions/{}/{}.rs", self.exercise.chapter, self.exercise.name)
    }
}

/// How many mutants came to what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// All of them.
    pub made: usize,
    /// Caught by the compiler.
    pub does_not_compile: usize,
    /// Caught by a hidden test that failed.
    pub failed: usize,
    /// Caught by a hidden test that ran into its limit.
    pub hung: usize,
    /// Caught by a hidden test whose process ended without a report.
    pub crashed: usize,
    /// Accepted, as they must be.
    pub equivalent: usize,
    /// Accepted without a reason.
    pub survived: usize,
    /// Not graded.
    pub broken: usize,
}

impl Tally {
    /// Counts.
    #[must_use]
    pub fn of<'a>(outcomes: impl IntoIterator<Item = &'a Outcome>) -> Self {
        let mut tally = Self::default();
        for outcome in outcomes {
            tally.made += 1;
            *match (outcome.state(), outcome.kind) {
                (State::Broken, _) => &mut tally.broken,
                (State::Equivalent, _) => &mut tally.equivalent,
                (State::Survived, _) => &mut tally.survived,
                (State::Caught, Kind::DoesNotCompile) => &mut tally.does_not_compile,
                (State::Caught, Kind::Hung) => &mut tally.hung,
                (State::Caught, Kind::Crashed) => &mut tally.crashed,
                (State::Caught, _) => &mut tally.failed,
            } += 1;
        }
        tally
    }
}

/// What came of the mutants of each operator that made some.
#[must_use]
pub fn by_operator(outcomes: &[Outcome]) -> Vec<(String, Tally)> {
    let of =
        |operator: Operator| Tally::of(outcomes.iter().filter(|outcome| outcome.mutant.operator == operator));
    let rows = Operator::ALL.iter().map(|operator| (operator.to_string(), of(*operator)));
    rows.filter(|(_, tally)| tally.made > 0).collect()
}

/// How many mutants each hidden test of an exercise that is run has refused, in the order of the tests. A test may refuse mutants that
/// others refuse as well.
#[must_use]
pub fn by_test<'a>(exercise: &'a Exercise, outcomes: &[Outcome]) -> Vec<(&'a str, usize)> {
    let refused = |test: &str| {
        outcomes.iter().filter(|outcome| outcome.tests.iter().any(|other| other == test)).count()
    };
    let names = exercise.hidden.functions().map(|test| test.name.as_str());
    names.map(|test| (test, refused(test))).collect()
}
