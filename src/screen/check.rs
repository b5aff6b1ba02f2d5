//! Grading everything: how far it is, and what came of it.

use crate::verdict::Kind;

use super::bar::{Tally, bar};
use super::line::{Line, Role};
use super::list::counted;
use super::stage::{Stage, stage as words_of};
use super::text::NO_BREAK;

/// What came of one exercise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The exercise's name.
    pub name: String,
    /// What was found.
    pub kind: Kind,
    /// Whether the file is the starter still: then nothing in it is anybody's fault.
    pub untouched: bool,
}

/// Said in place of a result where a workbook has questions alone.
pub const NOTHING_TO_CHECK: &str =
    "There is nothing to check: this workbook has questions, but no exercises.";

/// How far a check of everything is.
#[must_use]
pub fn checking(done: &[Checked], total: usize, stage: Stage<'_>, width: usize) -> Vec<Line> {
    let tally = Tally { done: done.len(), total };
    let mut lines = vec![Line::of(Role::Title, "Checking every exercise"), Line::blank()];
    lines.push(bar("checked", tally, width));
    lines.push(counts(done).cut(width));
    lines.push(Line::blank());
    if let Stage::Preparing { .. } = stage {
        lines.extend(words_of(stage).wrap(width, 2));
    } else if !done.is_empty() {
        lines.extend(latest(done).wrap(width, 2));
    }
    lines
}

/// The last few that were found, the newest first.
fn latest(done: &[Checked]) -> Line {
    let mut line = Line::of(Role::Dim, "latest:");
    for Checked { name, kind, .. } in done.iter().rev().take(3) {
        let (role, sign) = match kind {
            Kind::Passed => (Role::Good, "✓"),
            Kind::Broken => (Role::Warn, "!"),
            _ => (Role::Bad, "✗"),
        };
        line = line.and(role, format!("  {sign}{NO_BREAK}")).and(Role::Plain, name);
    }
    line
}

/// What a check of everything found: the sum, then the names of what is not solved, by verdict.
#[must_use]
pub fn check_summary(done: &[Checked], width: usize) -> Vec<Line> {
    let passed = done.iter().filter(|checked| checked.kind == Kind::Passed).count();
    let mut lines = Vec::new();
    if passed == done.len() {
        let all = match passed {
            0 => NOTHING_TO_CHECK.to_owned(),
            1 => "All solved: 1 exercise passes its hidden tests.".to_owned(),
            more => format!("All solved: {more} exercises pass their hidden tests."),
        };
        return Line::of(Role::Good, all).wrap(width, 0);
    }
    let sum = format!("{passed} of {} solved.", counted(done.len(), "exercise"));
    lines.extend(Line::of(Role::Title, sum).wrap(width, 0));
    let mut group = |role, words: &str, belongs: &dyn Fn(&Checked) -> bool| {
        let names: Vec<&str> =
            done.iter().filter(|one| belongs(one)).map(|checked| checked.name.as_str()).collect();
        if !names.is_empty() {
            let line = Line::of(role, format!("{} {words}: ", names.len()));
            lines.extend(line.and(Role::Plain, names.join(", ")).wrap(width, 2));
        }
    };
    for kind in [Kind::DoesNotCompile, Kind::Failed, Kind::Hung, Kind::Crashed] {
        group(Role::Bad, words(kind), &|one| one.kind == kind && !one.untouched);
    }
    group(Role::Warn, words(Kind::Broken), &|one| one.kind == Kind::Broken);
    group(Role::Dim, "not started", &|one| one.untouched && !matches!(one.kind, Kind::Passed | Kind::Broken));
    lines
}

fn counts(done: &[Checked]) -> Line {
    let count = |kind| done.iter().filter(|checked| checked.kind == kind).count();
    let passed = count(Kind::Passed);
    let broken = count(Kind::Broken);
    let line = Line::of(Role::Good, format!("{passed} solved"))
        .and(Role::Plain, format!(" · {} not yet", done.len() - passed - broken));
    if broken == 0 { line } else { line.and(Role::Warn, format!(" · {broken} could not be graded")) }
}

fn words(kind: Kind) -> &'static str {
    match kind {
        Kind::Passed => "solved",
        Kind::DoesNotCompile => "not compiling",
        Kind::Failed => "failing hidden tests",
        Kind::Hung => "hanging",
        Kind::Crashed => "crashing",
        Kind::Broken => "could not be graded",
    }
}
