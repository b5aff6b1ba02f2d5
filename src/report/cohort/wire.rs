//! `tokiolings/cohort/v1`: a cohort as one JSON object, a line for each learner and for each distinct text.
//!
//! Two runs over the same folders write the same bytes but for the object `run` and the keys named `seconds`. Nothing is
//! built in memory to be written: at thousands of learners the text is larger than everything that it tells.

use std::io::{self, Read, Write};

use serde::ser::SerializeMap as _;
use serde::{Deserialize, Serialize, Serializer};

use super::model::{Cell, Claim, Cohort, Column, Found, Graded, Learner, Run, Said, Share, Standing, Tested};
use crate::verdict::{HangKind, Kind, Level, Status};
use crate::workspace::State;

pub(super) mod read;

/// The name and version of the format.
pub const SCHEMA: &str = "tokiolings/cohort/v1";

#[derive(Serialize, Deserialize)]
struct WireWorkbook {
    title: String,
    hash: String,
}

#[derive(Serialize, Deserialize)]
struct WirePartition {
    number: usize,
    of: usize,
    learners: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct WireExercise {
    name: String,
    chapter: String,
    chapter_title: String,
    core: bool,
    points: u32,
}

#[derive(Serialize)]
struct WireLearner<'a> {
    name: &'a str,
    path: &'a str,
    columns: Carried<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<&'a str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    notes: &'a [String],
    passed: usize,
    points: u32,
    refuted: usize,
    cells: Cells<'a>,
}

#[derive(Serialize)]
struct WireCell<'a> {
    verdict: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    test: Option<&'a str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    hang: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    review: Option<&'a str>,
    points: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    submission: Option<&'a str>,
    untouched: bool,
    claimed: Option<&'static str>,
    #[serde(flatten)]
    claim: Option<WireClaim<'a>>,
}

#[derive(Serialize)]
struct WireClaim<'a> {
    solved_at: Option<&'a str>,
    attempts: u32,
    hints: u32,
    gave_up: bool,
    of_this_text: bool,
}

/// What was found about one text; the journal's lines are such objects, too.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct WireGraded {
    exercise: String,
    submission: String,
    verdict: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    diagnostics: Vec<WireSaid>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tests: Vec<WireTested>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    review: Option<String>,
    seconds: f64,
}

/// It and [`WireTested`] are apart from those of `tokiolings/verdict/v1`: each format has its own fields, and grows by itself.
#[derive(Debug, Serialize, Deserialize)]
struct WireSaid {
    level: String,
    code: Option<String>,
    message: String,
    line: Option<usize>,
    rendered: String,
    coach: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct WireTested {
    name: String,
    status: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hang: Option<String>,
}

#[derive(Serialize)]
struct WireTotals {
    learners: usize,
    unreadable_folders: usize,
    cells: usize,
    standings: Standings,
    refuted: usize,
    submissions: usize,
    max_points: u32,
}

#[derive(Serialize, Deserialize)]
struct WireRun {
    started_at: String,
    finished_at: String,
    seconds: f64,
    graded: usize,
    resumed: usize,
}

/// Writes a cohort.
///
/// # Errors
/// The writer's.
pub fn write_json(cohort: &Cohort, out: &mut dyn Write) -> io::Result<()> {
    let Cohort { tool, title, workbook, confined, exercises, carried, learners, submissions, share, run } =
        cohort;
    write!(out, "{{\"schema\":{}", json(&SCHEMA))?;
    write!(out, ",\n\"tool\":{}", json(tool))?;
    let workbook = WireWorkbook { title: title.clone(), hash: workbook.clone() };
    write!(out, ",\n\"workbook\":{}", json(&workbook))?;
    write!(out, ",\n\"confined\":{confined}")?;
    let partition = share.as_ref().map(|share| WirePartition {
        number: share.number,
        of: share.of,
        learners: share.everybody.clone(),
    });
    write!(out, ",\n\"partition\":{}", json(&partition))?;
    write!(out, ",\n\"columns\":{}", json(carried))?;
    list(out, "exercises", exercises.iter().map(|column| json(&WireExercise::of(column))))?;
    list(out, "learners", learners.iter().map(|learner| json(&WireLearner::of(cohort, learner))))?;
    list(out, "submissions", submissions.iter().map(|graded| json(&WireGraded::of(graded, exercises))))?;
    write!(out, ",\n\"totals\":{}", json(&WireTotals::of(cohort)))?;
    writeln!(out, ",\n\"run\":{}}}", json(&WireRun::of(run)))
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("strings, finite numbers and maps with text keys are valid JSON")
}

fn list(out: &mut dyn Write, key: &str, lines: impl Iterator<Item = String>) -> io::Result<()> {
    write!(out, ",\n\"{key}\":[")?;
    for (number, line) in lines.enumerate() {
        write!(out, "{}\n{line}", if number == 0 { "" } else { "," })?;
    }
    write!(out, "]")
}

impl WireExercise {
    fn of(column: &Column) -> Self {
        let Column { name, chapter, chapter_title, core, points } = column.clone();
        Self { name, chapter, chapter_title, core, points }
    }
}

impl<'a> WireLearner<'a> {
    fn of(cohort: &'a Cohort, learner: &'a Learner) -> Self {
        let cells = learner.cells.as_deref().unwrap_or_default();
        Self {
            name: &learner.name,
            path: &learner.path,
            columns: Carried(&cohort.carried, &learner.extra),
            problem: learner.cells.as_ref().err().map(String::as_str),
            notes: &learner.notes,
            passed: cohort.count(learner, Standing::Passed),
            points: cohort.points(learner),
            refuted: cells.iter().filter(|cell| cohort.refuted(cell)).count(),
            cells: Cells(cohort, cells),
        }
    }
}

/// A map from the roster's columns to a learner's values.
struct Carried<'a>(&'a [String], &'a [String]);

impl Serialize for Carried<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().zip(self.1))
    }
}

/// A map from exercises to cells.
struct Cells<'a>(&'a Cohort, &'a [Cell]);

impl Serialize for Cells<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.1.len()))?;
        for (column, cell) in self.0.exercises.iter().zip(self.1) {
            map.serialize_entry(&column.name, &WireCell::of(self.0, column, cell))?;
        }
        map.end()
    }
}

impl<'a> WireCell<'a> {
    fn of(cohort: &'a Cohort, column: &Column, cell: &'a Cell) -> Self {
        let graded = cohort.graded(cell);
        let test = graded.and_then(Graded::decided_by);
        let passed = graded.is_some_and(|graded| graded.kind == Kind::Passed);
        Self {
            verdict: match (&cell.found, graded) {
                (_, Some(graded)) => graded.kind.as_str(),
                _ => cohort.standing(cell).as_str(),
            },
            test: test.map(|test| test.name.as_str()),
            message: match &cell.found {
                Found::Unreadable(why) => why,
                _ => graded.map_or("", Graded::message),
            },
            hang: test.and_then(|test| test.hang).map(HangKind::as_str),
            review: graded.and_then(|graded| graded.review.as_deref()),
            points: if passed { column.points } else { 0 },
            submission: graded.map(|graded| graded.hash.as_str()),
            untouched: cell.untouched,
            claimed: cell.claim.as_ref().map(|claim| claim.recorded.state.as_str()),
            claim: cell.claim.as_ref().map(|Claim { recorded, of_this_text }| WireClaim {
                solved_at: recorded.solved_at.as_deref(),
                attempts: recorded.attempts,
                hints: recorded.hints,
                gave_up: recorded.gave_up,
                of_this_text: *of_this_text,
            }),
        }
    }
}

impl WireGraded {
    pub(super) fn of(graded: &Graded, exercises: &[Column]) -> Self {
        Self {
            exercise: exercises[graded.exercise as usize].name.clone(),
            submission: graded.hash.clone(),
            verdict: graded.kind.as_str().to_owned(),
            diagnostics: graded.diagnostics.iter().map(WireSaid::of).collect(),
            tests: graded.tests.iter().map(WireTested::of).collect(),
            problem: graded.problem.clone(),
            review: graded.review.clone(),
            seconds: graded.seconds,
        }
    }
}

impl WireSaid {
    fn of(said: &Said) -> Self {
        let Said { level, code, message, line, rendered, coach } = said.clone();
        Self { level: level.as_str().to_owned(), code, message, line, rendered, coach }
    }
}

impl WireTested {
    fn of(test: &Tested) -> Self {
        Self {
            name: test.name.clone(),
            status: test.status.as_str().to_owned(),
            message: test.message.clone(),
            hang: test.hang.map(|hang| hang.as_str().to_owned()),
        }
    }
}

impl WireTotals {
    fn of(cohort: &Cohort) -> Self {
        let cells: Vec<&Cell> =
            cohort.learners.iter().filter_map(|learner| learner.cells.as_deref().ok()).flatten().collect();
        let count = |standing| cells.iter().filter(|cell| cohort.standing(cell) == standing).count();
        Self {
            learners: cohort.learners.len(),
            unreadable_folders: cohort.learners.iter().filter(|learner| learner.cells.is_err()).count(),
            cells: cells.len(),
            standings: Standings(Standing::ALL.map(|standing| (standing, count(standing)))),
            refuted: cells.iter().filter(|cell| cohort.refuted(cell)).count(),
            submissions: cohort.submissions.len(),
            max_points: cohort.max_points(),
        }
    }
}

/// How many cells stand where.
struct Standings([(Standing, usize); 9]);

impl Serialize for Standings {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(standing, count)| (standing.as_str(), count)))
    }
}

impl WireRun {
    fn of(run: &Run) -> Self {
        let Run { started_at, finished_at, seconds, graded, resumed } = run.clone();
        Self { started_at, finished_at, seconds, graded, resumed }
    }
}

#[cfg(test)]
mod tests;
