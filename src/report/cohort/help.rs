//! Who needs help, and why one may think so. Pure, and without a clock: learners are compared with each other, so that
//! the same cohort is told the same tomorrow.

use super::model::{Cohort, Learner, Standing};
use super::trouble::day_number;
use crate::report::Doubt;
use crate::screen::counted;

/// A learner to look after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Help {
    /// The place in [`Cohort::learners`].
    pub learner: usize,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// Why somebody may need help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// The folder could not be read.
    Folder(String),
    /// The progress file claims what re-grading does not find.
    Refuted {
        /// So many exercises.
        count: usize,
        /// So many of them for another text, changed since.
        changed: usize,
        /// So many of them for another text, and the starter is back.
        put_back: usize,
    },
    /// Nothing was solved for long, while others went on.
    Stalled {
        /// The day of the last solving that re-grading confirms.
        last: String,
        /// So many days before the middle of the cohort.
        behind: i64,
    },
    /// Nothing is solved, while most have begun.
    NotBegun,
}

/// Days behind the others after which somebody counts as stalled: in a course of weeks, one whole week.
const STALLED: i64 = 7;

/// Who needs help, in the order of the learners.
#[must_use]
pub fn help(cohort: &Cohort) -> Vec<Help> {
    let mut days: Vec<i64> =
        cohort.learners.iter().filter_map(|learner| last(cohort, learner)).map(|(day, _)| day).collect();
    days.sort_unstable();
    let middle = days.get(days.len() / 2).copied();
    let begun = cohort.learners.iter().filter(|learner| cohort.count(learner, Standing::Passed) > 0).count();
    let most_begun = begun * 2 > cohort.learners.len();
    let reasons = |learner: &Learner| {
        let cells = match &learner.cells {
            Ok(cells) => cells,
            Err(problem) => return vec![Reason::Folder(problem.clone())],
        };
        let mut reasons = Vec::new();
        let doubts: Vec<Doubt> = cells.iter().filter_map(|cell| cohort.doubt(cell)).collect();
        if !doubts.is_empty() {
            let count = |wanted| doubts.iter().filter(|doubt| **doubt == wanted).count();
            let (changed, put_back) = (count(Doubt::Changed), count(Doubt::PutBack));
            reasons.push(Reason::Refuted { count: doubts.len(), changed, put_back });
        }
        let passed = cohort.count(learner, Standing::Passed);
        match (last(cohort, learner), middle) {
            (Some((day, time)), Some(middle)) if passed < cells.len() && middle - day >= STALLED => {
                reasons.push(Reason::Stalled { last: time[..10].to_owned(), behind: middle - day });
            }
            _ if passed == 0 && most_begun => reasons.push(Reason::NotBegun),
            _ => {}
        }
        reasons
    };
    let helps = cohort
        .learners
        .iter()
        .enumerate()
        .map(|(at, learner)| Help { learner: at, reasons: reasons(learner) });
    helps.filter(|help| !help.reasons.is_empty()).collect()
}

/// The day and time of a learner's last solving that re-grading confirms.
pub(super) fn last<'a>(cohort: &Cohort, learner: &'a Learner) -> Option<(i64, &'a str)> {
    let cells = learner.cells.as_deref().ok()?;
    let time = cells.iter().filter_map(|cell| cohort.solved_at(cell)).max()?;
    Some((day_number(time)?, time))
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Folder(problem) => write!(f, "the folder could not be graded: {problem}"),
            Self::Refuted { count, changed, put_back } => {
                write!(f, "claims {} solved that re-grading refutes", counted(*count, "exercise"))?;
                match (changed, put_back) {
                    (0, 0) => Ok(()),
                    (changed, 0) => write!(f, " ({changed} with another text than now)"),
                    (0, back) => write!(f, " ({back} with another text: the starter is back)"),
                    (changed, back) => {
                        write!(
                            f,
                            " ({changed} with another text than now; of {back} more the starter is back)"
                        )
                    }
                }
            }
            Self::Stalled { last, behind } => {
                write!(f, "solved nothing since {last}, {behind} days before the middle of the cohort")
            }
            Self::NotBegun => f.write_str("has solved nothing yet"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::model::Found;
    use super::super::sample;
    use super::*;

    #[test]
    fn each_learner_gets_the_reasons_that_hold() {
        let cohort = sample::cohort();
        let told: Vec<(usize, Vec<String>)> = help(&cohort)
            .into_iter()
            .map(|help| (help.learner, help.reasons.iter().map(ToString::to_string).collect()))
            .collect();
        assert_eq!(
            told,
            [
                (0, vec!["claims 1 exercise solved that re-grading refutes".to_owned()]),
                (1, vec!["has solved nothing yet".to_owned()]),
                (3, vec!["the folder could not be graded: the folder is a symbolic link".to_owned()]),
                (
                    4,
                    vec![
                        "solved nothing since 2026-01-05, 15 days before the middle of the cohort".to_owned()
                    ]
                ),
            ]
        );
    }

    #[test]
    fn a_text_changed_since_is_told_apart_from_a_false_claim() {
        let mut cohort = sample::cohort();
        let cells = cohort.learners[0].cells.as_mut().unwrap();
        cells[1].claim.as_mut().unwrap().of_this_text = false;
        let reason = help(&cohort)[0].reasons[0].clone();
        assert_eq!(reason, Reason::Refuted { count: 1, changed: 1, put_back: 0 });
        assert!(reason.to_string().ends_with("(1 with another text than now)"));
        cohort.learners[0].cells.as_mut().unwrap()[1].untouched = true;
        let reason = help(&cohort)[0].reasons[0].to_string();
        assert!(reason.ends_with("(1 with another text: the starter is back)"), "{reason}");
    }

    #[test]
    fn who_has_finished_is_not_stalled_and_a_claim_that_fails_is_no_sign_of_life() {
        let mut cohort = sample::cohort();
        let done = |text, day| {
            sample::cell(Found::Text(text), Some(sample::claim(crate::workspace::State::Solved, Some(day))))
        };
        cohort.learners = vec![
            sample::learner("a", vec![done(1, "2026-01-01T00:00:00Z"), done(3, "2026-01-01T00:00:00Z")]),
            sample::learner("b", vec![done(1, "2026-01-01T00:00:00Z"), done(2, "2026-01-30T00:00:00Z")]),
            sample::learner("c", vec![done(1, "2026-01-30T00:00:00Z"), done(2, "2026-01-30T00:00:00Z")]),
            sample::learner("d", vec![done(1, "2026-01-30T00:00:00Z"), done(2, "2026-01-30T00:00:00Z")]),
        ];
        let stalled: Vec<usize> = help(&cohort)
            .into_iter()
            .filter(|help| help.reasons.iter().any(|reason| matches!(reason, Reason::Stalled { .. })))
            .map(|help| help.learner)
            .collect();
        assert_eq!(stalled, [1]);
    }
}
