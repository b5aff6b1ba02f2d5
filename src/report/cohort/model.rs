//! What is known about a cohort: who is where, and what re-grading found, once for each distinct submission.

use crate::report::{Doubt, Recorded};
use crate::verdict::{HangKind, Kind, Level, Status};
use crate::workspace::State;

/// A cohort that has been graded, or a share of one.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cohort {
    /// The version of tokiolings that graded.
    pub tool: String,
    /// The workbook's name.
    pub title: String,
    /// Names the workbook's content: everything that decides a verdict.
    pub workbook: String,
    /// Whether submissions were compiled and run behind walls.
    pub confined: bool,
    /// What there is to solve, in the workbook's order.
    pub exercises: Vec<Column>,
    /// The names of the roster's columns that are carried along.
    pub carried: Vec<String>,
    /// By name.
    pub learners: Vec<Learner>,
    /// Each distinct text once, by exercise and hash.
    pub submissions: Vec<Graded>,
    /// Set when this is only a part of the cohort.
    pub share: Option<Share>,
    /// What differs from one run to the next.
    pub run: Run,
}

/// An exercise, as a column of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its chapter's id.
    pub chapter: String,
    /// Its chapter's name for people.
    pub chapter_title: String,
    /// Whether it is on the short path.
    pub core: bool,
    /// What it is worth.
    pub points: u32,
}

/// One learner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Learner {
    /// The folder's name, or the name in the roster. Unique in the cohort.
    pub name: String,
    /// The folder, as it was given.
    pub path: String,
    /// The roster's other columns, as many as [`Cohort::carried`].
    pub extra: Vec<String>,
    /// A cell for each exercise, or why the folder could not be read at all.
    pub cells: Result<Vec<Cell>, String>,
    /// What else was odd about the folder.
    pub notes: Vec<String>,
}

/// One learner and one exercise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// What was found in the learner's folder.
    pub found: Found,
    /// Whether it is the starter, as it was given out.
    pub untouched: bool,
    /// What the progress file says; nothing where there is none.
    pub claim: Option<Claim>,
}

/// What was found in place of a submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A text: its place in [`Cohort::submissions`].
    Text(u32),
    /// Nothing.
    Missing,
    /// Something that is not read, and why.
    Unreadable(String),
}

/// What a progress file says about an exercise. Anybody can write anything there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Where the learner says to stand. Its time of solving is left out when it is no time that can be.
    pub recorded: Recorded,
    /// Whether it speaks of the very text that lies in the folder now, or of none in particular; see
    /// [`speaks_of`](crate::report::speaks_of).
    pub of_this_text: bool,
}

/// What grading found about one text.
///
/// It is not a [`Verdict`](crate::verdict::Verdict), nor are its parts those of one: they have no place for what differs
/// from one run to the next (outputs, times of tests, CPU times, recordings) or is not in the format (files, columns), so
/// that nothing of it can get into a cohort's file, or into memory a thousand times.
#[derive(Debug, Clone, PartialEq)]
pub struct Graded {
    /// Its place in [`Cohort::exercises`].
    pub exercise: u32,
    /// BLAKE3 of the text, in hexadecimal.
    pub hash: String,
    /// The verdict.
    pub kind: Kind,
    /// What the compiler said, if that is why it does not pass.
    pub diagnostics: Vec<Said>,
    /// The hidden tests, unless all passed or none ran.
    pub tests: Vec<Tested>,
    /// With [`Kind::Broken`]: what the machine lacks.
    pub problem: Option<String>,
    /// What in the text somebody should look at.
    pub review: Option<String>,
    /// Seconds that its compilers and tests took.
    pub seconds: f64,
}

/// Something that the compiler said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// How grave it is.
    pub level: Level,
    /// Its code or lint.
    pub code: Option<String>,
    /// In one line.
    pub message: String,
    /// Where, in the learner's file.
    pub line: Option<usize>,
    /// As the compiler draws it.
    pub rendered: String,
    /// What the coach adds.
    pub coach: Option<String>,
}

/// What came of a hidden test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tested {
    /// Its name.
    pub name: String,
    /// What came of it.
    pub status: Status,
    /// For the learner.
    pub message: String,
    /// What it was doing when its time was up.
    pub hang: Option<HangKind>,
}

/// Which share of a cohort this is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// From 1.
    pub number: usize,
    /// Of so many.
    pub of: usize,
    /// The names of the whole cohort.
    pub everybody: Vec<String>,
}

/// What differs from one run to the next, although the cohort is the same.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Run {
    /// RFC 3339, UTC.
    pub started_at: String,
    /// RFC 3339, UTC.
    pub finished_at: String,
    /// From start to end; the sum, where several runs were merged.
    pub seconds: f64,
    /// Texts that were graded in this run.
    pub graded: usize,
    /// Texts that an interrupted run had graded before.
    pub resumed: usize,
}

/// Where a learner stands with an exercise, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// Every hidden test passed.
    Passed,
    /// Changed, and it does not compile.
    DoesNotCompile,
    /// A hidden test failed.
    Failed,
    /// A hidden test ran into its limit.
    Hung,
    /// A hidden test's process ended without a report.
    Crashed,
    /// The starter, as it was given out.
    Untouched,
    /// There is no file.
    Missing,
    /// There is something that is not read.
    Unreadable,
    /// The grading could not be done: not the learner's fault.
    Broken,
}

impl Standing {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Passed,
        Self::DoesNotCompile,
        Self::Failed,
        Self::Hung,
        Self::Crashed,
        Self::Untouched,
        Self::Missing,
        Self::Unreadable,
        Self::Broken,
    ];

    /// Its name in CSV, and in the page's filter.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::DoesNotCompile => "does_not_compile",
            Self::Failed => "failed",
            Self::Hung => "hung",
            Self::Crashed => "crashed",
            Self::Untouched => "untouched",
            Self::Missing => "missing",
            Self::Unreadable => "unreadable",
            Self::Broken => "broken",
        }
    }

    /// Its name for people.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Passed => "passes",
            Self::DoesNotCompile => "does not compile",
            Self::Failed => "fails a test",
            Self::Hung => "hangs",
            Self::Crashed => "ends early",
            Self::Untouched => "untouched starter",
            Self::Missing => "no file",
            Self::Unreadable => "not readable",
            Self::Broken => "could not be graded",
        }
    }

    /// Whether the learner has tried, and is not there yet.
    #[must_use]
    pub fn stuck(self) -> bool {
        matches!(self, Self::DoesNotCompile | Self::Failed | Self::Hung | Self::Crashed)
    }
}

impl Cohort {
    /// What grading found about a cell's text.
    #[must_use]
    pub fn graded(&self, cell: &Cell) -> Option<&Graded> {
        match cell.found {
            Found::Text(at) => self.submissions.get(at as usize),
            Found::Missing | Found::Unreadable(_) => None,
        }
    }

    /// Where a cell stands.
    #[must_use]
    pub fn standing(&self, cell: &Cell) -> Standing {
        match (&cell.found, self.graded(cell)) {
            (_, Some(graded)) => match graded.kind {
                Kind::Passed => Standing::Passed,
                Kind::Broken => Standing::Broken,
                _ if cell.untouched => Standing::Untouched,
                Kind::DoesNotCompile => Standing::DoesNotCompile,
                Kind::Failed => Standing::Failed,
                Kind::Hung => Standing::Hung,
                Kind::Crashed => Standing::Crashed,
            },
            (Found::Missing, None) => Standing::Missing,
            (_, None) => Standing::Unreadable,
        }
    }

    /// Whether a cell's claim to be solved does not hold. A claim made against older hidden tests is none.
    #[must_use]
    pub fn refuted(&self, cell: &Cell) -> bool {
        let claimed = cell.claim.as_ref().is_some_and(|claim| claim.recorded.state == State::Solved);
        claimed && !matches!(self.standing(cell), Standing::Passed | Standing::Broken)
    }

    /// What to think of a cell's claim; `None` unless it is [`refuted`](Self::refuted).
    #[must_use]
    pub fn doubt(&self, cell: &Cell) -> Option<Doubt> {
        let of_this_text = cell.claim.as_ref().is_some_and(|claim| claim.of_this_text);
        let there_is_a_text = matches!(cell.found, Found::Text(_));
        self.refuted(cell).then(|| Doubt::of(there_is_a_text, of_this_text, cell.untouched))
    }

    /// When a cell was solved, if re-grading confirms that it is.
    #[must_use]
    pub fn solved_at<'a>(&self, cell: &'a Cell) -> Option<&'a str> {
        let recorded = cell.claim.as_ref().map(|claim| &claim.recorded)?;
        let solved_at = recorded.solved_at.as_deref().filter(|_| recorded.state != State::Pending);
        solved_at.filter(|_| self.standing(cell) == Standing::Passed)
    }

    /// The cells of a learner that stand so.
    #[must_use]
    pub fn count(&self, learner: &Learner, standing: Standing) -> usize {
        let cells = learner.cells.as_deref().unwrap_or_default();
        cells.iter().filter(|cell| self.standing(cell) == standing).count()
    }

    /// What a learner has earned.
    #[must_use]
    pub fn points(&self, learner: &Learner) -> u32 {
        let cells = learner.cells.as_deref().unwrap_or_default();
        let passed = |(_, cell): &(&Column, &Cell)| self.standing(cell) == Standing::Passed;
        self.exercises.iter().zip(cells).filter(passed).map(|(column, _)| column.points).sum()
    }

    /// What can be earned.
    #[must_use]
    pub fn max_points(&self) -> u32 {
        self.exercises.iter().map(|column| column.points).sum()
    }
}
