//! Who needs help first, and why one may think so. Pure, and without a clock: learners are compared with each other, so
//! that the same cohort is told the same tomorrow.

use std::cmp::Reverse;

use super::model::{Cell, Cohort, Learner, Standing};
use super::since::names;
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
        /// How many days behind the median learner.
        behind: i64,
    },
    /// Nothing is solved, while most have begun.
    NotBegun,
    /// Where the learner tries, and is not there yet. Only beside one of the others: everybody is stuck now and then.
    Stuck {
        /// The exercises' names, or the first of them.
        on: String,
        /// Attempts at them, as the progress file tells.
        attempts: u32,
    },
}

/// Days behind the others after which somebody counts as stalled: in a course of weeks, one whole week.
const STALLED: i64 = 7;

/// Names of exercises that a line tells.
const NAMED: usize = 3;

/// Who needs help: first who has gone without a solving for longest, from those who never solved anything on, and of two
/// alike who has tried more often. Folders that could not be graded tell nothing about that; they come last.
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
        if !reasons.is_empty() {
            reasons.extend(stuck(cohort, cells));
        }
        reasons
    };
    let helps = cohort
        .learners
        .iter()
        .enumerate()
        .map(|(at, learner)| Help { learner: at, reasons: reasons(learner) });
    let mut helps: Vec<Help> = helps.filter(|help| !help.reasons.is_empty()).collect();
    helps.sort_by_key(|help| {
        let learner = &cohort.learners[help.learner];
        let time = last(cohort, learner).map(|(_, time)| time);
        let attempts = attempts(cohort, learner.cells.as_deref().unwrap_or_default());
        (learner.cells.is_err(), time, Reverse(attempts))
    });
    helps
}

fn stuck(cohort: &Cohort, cells: &[Cell]) -> Option<Reason> {
    let on: Vec<usize> = (0..cells.len()).filter(|at| cohort.standing(&cells[*at]).stuck()).collect();
    (!on.is_empty())
        .then(|| Reason::Stuck { on: names(cohort, &on, NAMED), attempts: attempts(cohort, cells) })
}

/// How often a learner has tried what is not solved yet, as the progress file tells.
fn attempts(cohort: &Cohort, cells: &[Cell]) -> u32 {
    let stuck = cells.iter().filter(|cell| cohort.standing(cell).stuck());
    stuck
        .filter_map(|cell| cell.claim.as_ref())
        .fold(0, |sum, claim| sum.saturating_add(claim.recorded.attempts))
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
                write!(f, "claims {} solved that grading refutes", counted(*count, "exercise"))?;
                match (changed, put_back) {
                    (0, 0) => Ok(()),
                    (changed, 0) => write!(f, " ({changed} with a different text)"),
                    (0, back) => write!(f, " ({back} with a different text: the starter is back)"),
                    (changed, back) => {
                        write!(f, " ({changed} with a different text; for {back} more, the starter is back)")
                    }
                }
            }
            Self::Stalled { last, behind } => {
                write!(f, "solved nothing since {last}, {behind} days behind the median learner")
            }
            Self::NotBegun => f.write_str("has solved nothing yet"),
            Self::Stuck { on, attempts: 0 } => write!(f, "stuck on {on}"),
            Self::Stuck { on, attempts } => {
                write!(f, "stuck on {on} ({})", counted(*attempts as usize, "attempt"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::model::Found;
    use super::super::sample;
    use super::*;
    use crate::workspace::State;

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
                (1, vec!["has solved nothing yet".to_owned()]),
                (4, vec!["solved nothing since 2026-01-05, 15 days behind the median learner".to_owned()]),
                (
                    0,
                    vec![
                        "claims 1 exercise solved that grading refutes".to_owned(),
                        "stuck on second (3 attempts)".to_owned()
                    ]
                ),
                (3, vec!["the folder could not be graded: the folder is a symbolic link".to_owned()]),
            ]
        );
    }

    #[test]
    fn who_is_stuck_longest_comes_first_and_of_two_alike_who_tried_more() {
        let mut cohort = sample::cohort();
        let solved = |day| sample::cell(Found::Text(1), Some(sample::claim(State::Solved, Some(day))));
        let tries = |attempts| {
            let mut claim = sample::claim(State::Pending, None);
            claim.recorded.attempts = attempts;
            sample::cell(Found::Text(2), Some(claim))
        };
        let none = || sample::cell(Found::Missing, None);
        let mut learners = vec![
            sample::learner("a", vec![solved("2026-01-10T00:00:00Z"), tries(1)]),
            sample::learner("b", vec![solved("2026-01-02T00:00:00Z"), tries(1)]),
            sample::learner("c", vec![none(), none()]),
            sample::learner("d", vec![none(), tries(9)]),
        ];
        for name in ["e", "f", "g", "h", "i"] {
            learners.push(sample::learner(name, vec![solved("2026-01-30T00:00:00Z"), none()]));
        }
        cohort.learners = learners;
        let order: Vec<&str> =
            help(&cohort).iter().map(|help| cohort.learners[help.learner].name.as_str()).collect();
        assert_eq!(order, ["d", "c", "b", "a"]);
    }

    #[test]
    fn a_text_changed_since_is_told_apart_from_a_false_claim() {
        let mut cohort = sample::cohort();
        let cells = cohort.learners[0].cells.as_mut().unwrap();
        cells[1].claim.as_mut().unwrap().of_this_text = false;
        let first = |cohort: &Cohort| {
            help(cohort).iter().find(|help| help.learner == 0).expect("the first learner").reasons[0].clone()
        };
        let reason = first(&cohort);
        assert_eq!(reason, Reason::Refuted { count: 1, changed: 1, put_back: 0 });
        assert!(reason.to_string().ends_with("(1 with a different text)"));
        cohort.learners[0].cells.as_mut().unwrap()[1].untouched = true;
        let reason = first(&cohort).to_string();
        assert!(reason.ends_with("(1 with a different text: the starter is back)"), "{reason}");
    }

    #[test]
    fn who_has_finished_is_not_stalled_and_a_claim_that_fails_is_no_sign_of_life() {
        let mut cohort = sample::cohort();
        let done = |text, day| sample::cell(Found::Text(text), Some(sample::claim(State::Solved, Some(day))));
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
