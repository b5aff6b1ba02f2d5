//! `tokiolings/cohort/v1`, read back. What follows from other keys is not read: it is found again.

use std::collections::{BTreeMap, HashMap};

use super::*;
use crate::report::Recorded;
use crate::verdict::wire;

#[derive(Deserialize)]
struct WireCohort {
    schema: String,
    tool: String,
    workbook: WireWorkbook,
    confined: bool,
    partition: Option<WirePartition>,
    columns: Vec<String>,
    exercises: Vec<WireExercise>,
    learners: Vec<ReadLearner>,
    submissions: Vec<WireGraded>,
    run: WireRun,
}

#[derive(Deserialize)]
struct ReadLearner {
    name: String,
    path: String,
    columns: BTreeMap<String, String>,
    #[serde(default)]
    problem: Option<String>,
    #[serde(default)]
    notes: Vec<String>,
    cells: BTreeMap<String, ReadCell>,
}

#[derive(Deserialize)]
struct ReadCell {
    verdict: String,
    #[serde(default)]
    message: Option<String>,
    #[serde(default)]
    submission: Option<String>,
    untouched: bool,
    claimed: Option<String>,
    #[serde(default)]
    solved_at: Option<String>,
    #[serde(default)]
    attempts: u32,
    #[serde(default)]
    hints: u32,
    #[serde(default)]
    gave_up: bool,
    #[serde(default)]
    of_this_text: bool,
}

/// Reads a cohort.
///
/// # Errors
/// What is wrong with the text.
pub fn read_json(from: impl Read) -> Result<Cohort, String> {
    let wire: WireCohort = serde_json::from_reader(from).map_err(|error| error.to_string())?;
    if wire.schema != SCHEMA {
        return Err(format!("its schema is `{}`, not `{SCHEMA}`", wire.schema));
    }
    let exercises: Vec<Column> = wire.exercises.into_iter().map(WireExercise::into_model).collect();
    let graded = wire.submissions.into_iter().map(|graded| graded.into_model(&exercises));
    let submissions: Vec<Graded> = graded.collect::<Result<_, _>>()?;
    let places: HashMap<(u32, &str), u32> =
        (0..).zip(&submissions).map(|(at, graded)| ((graded.exercise, graded.hash.as_str()), at)).collect();
    let learners =
        wire.learners.into_iter().map(|learner| learner.into_model(&wire.columns, &exercises, &places));
    let learners = learners.collect::<Result<_, _>>()?;
    Ok(Cohort {
        tool: wire.tool,
        title: wire.workbook.title,
        workbook: wire.workbook.hash,
        confined: wire.confined,
        exercises,
        carried: wire.columns,
        learners,
        submissions,
        share: wire.partition.map(|partition| Share {
            number: partition.number,
            of: partition.of,
            everybody: partition.learners,
        }),
        run: Run {
            started_at: wire.run.started_at,
            finished_at: wire.run.finished_at,
            seconds: wire.run.seconds,
            graded: wire.run.graded,
            resumed: wire.run.resumed,
        },
    })
}

impl WireExercise {
    fn into_model(self) -> Column {
        let Self { name, chapter, chapter_title, core, points } = self;
        Column { name, chapter, chapter_title, core, points }
    }
}

impl ReadLearner {
    fn into_model(
        mut self,
        carried: &[String],
        exercises: &[Column],
        places: &HashMap<(u32, &str), u32>,
    ) -> Result<Learner, String> {
        let cells = match self.problem {
            Some(problem) => Err(problem),
            None => {
                let mut cells = Vec::with_capacity(exercises.len());
                for (number, column) in (0..).zip(exercises) {
                    let missing = || format!("`{}` has no cell for `{}`", self.name, column.name);
                    let cell = self.cells.remove(&column.name).ok_or_else(missing)?;
                    cells.push(cell.into_model(number, places)?);
                }
                Ok(cells)
            }
        };
        let extra = carried.iter().map(|column| self.columns.remove(column).unwrap_or_default()).collect();
        Ok(Learner { name: self.name, path: self.path, extra, cells, notes: self.notes })
    }
}

impl ReadCell {
    fn into_model(self, exercise: u32, places: &HashMap<(u32, &str), u32>) -> Result<Cell, String> {
        let found = match self.submission {
            Some(hash) => match places.get(&(exercise, hash.as_str())) {
                Some(at) => Found::Text(*at),
                None => return Err(format!("the submission {hash} is not in it")),
            },
            None if self.verdict == Standing::Missing.as_str() => Found::Missing,
            None => Found::Unreadable(self.message.unwrap_or_default()),
        };
        let claim = match self.claimed {
            Some(state) => Some(Claim {
                recorded: Recorded {
                    state: known(&state, STATES, State::as_str)?,
                    solved_at: self.solved_at,
                    attempts: self.attempts,
                    hints: self.hints,
                    gave_up: self.gave_up,
                },
                of_this_text: self.of_this_text,
            }),
            None => None,
        };
        Ok(Cell { found, untouched: self.untouched, claim })
    }
}

impl WireGraded {
    pub(in crate::report::cohort) fn into_model(self, exercises: &[Column]) -> Result<Graded, String> {
        let exercise = (0..)
            .zip(exercises)
            .find(|(_, column)| column.name == self.exercise)
            .map(|(at, _)| at)
            .ok_or_else(|| format!("`{}` is not one of its exercises", self.exercise))?;
        Ok(Graded {
            exercise,
            hash: self.submission,
            kind: known(&self.verdict, &Kind::ALL, Kind::as_str)?,
            diagnostics: self.diagnostics.into_iter().map(WireSaid::into_model).collect::<Result<_, _>>()?,
            tests: self.tests.into_iter().map(WireTested::into_model).collect::<Result<_, _>>()?,
            problem: self.problem,
            review: self.review,
            seconds: self.seconds,
        })
    }
}

impl WireSaid {
    fn into_model(self) -> Result<Said, String> {
        let Self { level, code, message, line, rendered, coach } = self;
        Ok(Said { level: known(&level, &Level::ALL, Level::as_str)?, code, message, line, rendered, coach })
    }
}

impl WireTested {
    fn into_model(self) -> Result<Tested, String> {
        let hang = self.hang.map(|hang| known(&hang, &HangKind::ALL, HangKind::as_str)).transpose()?;
        let status = known(&self.status, &Status::ALL, Status::as_str)?;
        Ok(Tested { name: self.name, status, message: self.message, hang })
    }
}

const STATES: &[State] = &[State::Solved, State::Pending, State::Skipped, State::Stale];

fn known<T: Copy>(name: &str, all: &[T], name_of: fn(T) -> &'static str) -> Result<T, String> {
    wire::known(name, all, name_of).map_err(|unknown| unknown.to_string())
}
