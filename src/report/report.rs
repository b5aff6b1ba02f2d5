//! A report as a value.

use crate::report::row::{Row, Standing};
use crate::screen::counted;

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
        counts(self.totals())
    }

    /// The rows of a chapter, in order.
    pub fn of_chapter<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a Row> {
        self.rows.iter().filter(move |row| row.exercise.chapter == id)
    }
}

/// `5 of 41 exercises solved, 7 of 45 points.`
pub(in crate::report) fn counts(sums: Totals) -> String {
    if sums.exercises == 0 {
        return "This workbook has no exercises, so there is nothing to grade.".to_owned();
    }
    format!(
        "{} of {} solved, {} of {}.",
        sums.solved,
        counted(sums.exercises, "exercise"),
        sums.score,
        counted(sums.max_score as usize, "point"),
    )
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
                "Graded from source just now, unconfined: submissions ran with all the rights of this user."
            }
            Self::RegradedConfined => "Graded from source just now, in a sandbox.",
            Self::Recorded => {
                "Recorded, not graded: this is what the progress file says, which the learner can edit."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_not_many_and_none_is_said() {
        let sums = |exercises, max_score| Totals { exercises, max_score, ..Totals::default() };
        assert_eq!(counts(sums(1, 1)), "0 of 1 exercise solved, 0 of 1 point.");
        assert_eq!(counts(sums(2, 3)), "0 of 2 exercises solved, 0 of 3 points.");
        assert_eq!(counts(sums(0, 0)), "This workbook has no exercises, so there is nothing to grade.");
    }
}
