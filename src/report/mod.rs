//! What a workspace is worth: each exercise with what the progress file claims and what grading from source found, and
//! that as the bytes that other systems read.
//!
//! A report is a value. How it came about (which commands were run, which walls stood) is told in its [`Basis`]; each
//! format is a pure function of it, in a file of its own.

mod classroom50;
pub mod cohort;
pub(crate) mod csv;
mod details;
mod exercism;
mod gradescope;
mod json;
mod junit;
mod output;
mod row;
mod source;
mod text;

#[cfg(test)]
mod sample;

pub use classroom50::{Submission, classroom50};
pub use csv::csv;
pub use exercism::exercism;
pub use gradescope::gradescope;
pub use json::json;
pub use junit::junit;
pub use output::{write, write_with};
pub use row::{Doubt, Finding, Recorded, Row, Standing, speaks_of};
pub use source::source_in;
pub use text::text;

/// One workspace, exercise by exercise.
#[derive(Debug, Clone)]
pub struct Report {
    /// The workbook's title.
    pub workbook: String,
    /// Names everything in it that decides.
    pub edition: String,
    /// What the rows rest on.
    pub basis: Basis,
    /// When it was made: RFC 3339, UTC.
    pub at: String,
    /// Wall-clock seconds that it took.
    pub seconds: f64,
    /// The workbook's chapters, in order.
    pub chapters: Vec<ChapterName>,
    /// Every exercise of the workbook, in order.
    pub rows: Vec<Row>,
}

/// What a report rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// Every exercise was graded from its source, with the rights of whoever ran it.
    Regraded,
    /// Every exercise was graded from its source, behind walls.
    RegradedConfined,
    /// Nothing was graded: it repeats the progress file, which its learner can edit.
    Recorded,
}

/// A chapter's names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChapterName {
    /// Its folder's name, `01_inert_plans`.
    pub id: String,
    /// Its name for people.
    pub title: String,
}

/// How many exercises stand where, and what that is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    /// All exercises.
    pub exercises: usize,
    /// [`Standing::Solved`].
    pub solved: usize,
    /// [`Standing::Refuted`].
    pub refuted: usize,
    /// [`Standing::NotSolved`].
    pub not_solved: usize,
    /// [`Standing::Ungraded`].
    pub ungraded: usize,
    /// The points of what is solved.
    pub score: u32,
    /// The points of everything.
    pub max_score: u32,
}

impl Report {
    /// The sums over all rows.
    #[must_use]
    pub fn totals(&self) -> Totals {
        totals(&self.rows)
    }

    /// How many exercises are solved, and what they are worth, as a sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        text::counts(self.totals())
    }

    /// The rows of a chapter, in order.
    pub fn of_chapter<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a Row> {
        self.rows.iter().filter(move |row| row.exercise.chapter == id)
    }
}

/// The sums over some rows.
#[must_use]
pub fn totals<'a>(rows: impl IntoIterator<Item = &'a Row>) -> Totals {
    rows.into_iter().fold(Totals::default(), |mut sum, row| {
        sum.exercises += 1;
        match row.standing() {
            Standing::Solved => sum.solved += 1,
            Standing::Refuted => sum.refuted += 1,
            Standing::NotSolved => sum.not_solved += 1,
            Standing::Ungraded => sum.ungraded += 1,
        }
        sum.score = sum.score.saturating_add(row.score());
        sum.max_score = sum.max_score.saturating_add(row.exercise.points);
        sum
    })
}

impl Basis {
    /// Its name in JSON and CSV.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Regraded => "regraded",
            Self::RegradedConfined => "regraded_confined",
            Self::Recorded => "recorded",
        }
    }

    /// The same for people, as a sentence.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Regraded => {
                "Graded from source just now, unconfined: submissions ran with all rights of this user."
            }
            Self::RegradedConfined => "Graded from source just now, behind walls.",
            Self::Recorded => {
                "Recorded, not graded: this repeats the progress file, which its learner can edit."
            }
        }
    }
}
