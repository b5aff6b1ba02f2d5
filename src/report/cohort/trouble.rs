//! Where a cohort is stuck, and how it came along. Pure.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::model::{Cell, Cohort, Graded, Standing};
use crate::verdict::HangKind;

/// How a cohort fares with one exercise.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trouble {
    /// Its place in [`Cohort::exercises`].
    pub exercise: usize,
    /// Learners who solved it.
    pub passed: usize,
    /// Learners who tried, and are not there yet.
    pub stuck: usize,
    /// Those, by how they fail; most frequent first.
    pub ways: Vec<(String, usize)>,
    /// Those, by the hidden test or the compiler's code that decides; most frequent first.
    pub causes: Vec<(String, usize)>,
}

/// A day on which something was solved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// `2026-02-28`.
    pub date: String,
    /// Exercises solved by the end of it, over all learners.
    pub solved: usize,
}

/// Every exercise that somebody is stuck with, the worst first.
#[must_use]
pub fn trouble(cohort: &Cohort) -> Vec<Trouble> {
    let rows: Vec<&[Cell]> =
        cohort.learners.iter().filter_map(|learner| learner.cells.as_deref().ok()).collect();
    let of_exercise = |exercise: usize| {
        let cells = || rows.iter().filter_map(|cells| cells.get(exercise));
        let stuck = || cells().filter(|cell| cohort.standing(cell).stuck());
        Trouble {
            exercise,
            passed: cells().filter(|cell| cohort.standing(cell) == Standing::Passed).count(),
            stuck: stuck().count(),
            ways: frequent(stuck().map(|cell| way(cohort, cell))),
            causes: frequent(stuck().filter_map(|cell| cohort.graded(cell)).filter_map(cause)),
        }
    };
    let mut troubles: Vec<Trouble> =
        (0..cohort.exercises.len()).map(of_exercise).filter(|trouble| trouble.stuck > 0).collect();
    troubles.sort_by_key(|trouble| (Reverse(trouble.stuck), trouble.exercise));
    troubles
}

fn way(cohort: &Cohort, cell: &Cell) -> String {
    let hang = cohort.graded(cell).and_then(Graded::decided_by).and_then(|test| test.hang);
    match hang {
        Some(HangKind::Parked) => "hangs asleep".to_owned(),
        Some(HangKind::Spinning) => "hangs busy".to_owned(),
        Some(HangKind::Unknown) | None => cohort.standing(cell).words().to_owned(),
    }
}

fn cause(graded: &Graded) -> Option<String> {
    let code = || graded.diagnostics.first().and_then(|said| said.code.clone());
    graded.decided_by().map(|test| test.name.clone()).or_else(code)
}

fn frequent(words: impl Iterator<Item = String>) -> Vec<(String, usize)> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    words.for_each(|word| *counts.entry(word).or_default() += 1);
    let mut counts: Vec<(String, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| Reverse(*count));
    counts
}

/// The days on which something was solved that re-grading confirms, with the sum up to each.
#[must_use]
pub fn timeline(cohort: &Cohort) -> Vec<Day> {
    let cells = cohort.learners.iter().filter_map(|learner| learner.cells.as_deref().ok()).flatten();
    let mut days: BTreeMap<&str, usize> = BTreeMap::new();
    cells
        .filter_map(|cell| cohort.solved_at(cell))
        .for_each(|time| *days.entry(&time[..10]).or_default() += 1);
    let mut solved = 0;
    days.into_iter()
        .map(|(date, count)| {
            solved += count;
            Day { date: date.to_owned(), solved }
        })
        .collect()
}

/// The number of a day in the Gregorian calendar, for differences; `2026-02-28…` is read.
pub(super) fn day_number(time: &str) -> Option<i64> {
    let part = |range: std::ops::Range<usize>| time.get(range)?.parse::<i64>().ok();
    let (year, month, day) = (part(0..4)?, part(5..7)?, part(8..10)?);
    // Years that begin in March have their leap day at the end, and months of a length that one line tells.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    Some(365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day)
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn trouble_is_told_by_how_and_by_what() {
        let cohort = sample::cohort();
        assert_eq!(
            trouble(&cohort),
            [Trouble {
                exercise: 1,
                passed: 1,
                stuck: 1,
                ways: vec![("hangs asleep".into(), 1)],
                causes: vec![("two".into(), 1)],
            }],
            "an untouched starter is nobody's trouble"
        );
        let mut touched = cohort;
        touched.learners[1].cells.as_mut().unwrap()[0].untouched = false;
        let first = &trouble(&touched)[0];
        assert_eq!((first.exercise, first.passed, first.stuck), (0, 3, 1));
        assert_eq!(first.causes, [("E0728".to_owned(), 1)]);
    }

    #[test]
    fn only_confirmed_solvings_are_on_the_timeline() {
        let day = |date: &str, solved| Day { date: date.into(), solved };
        assert_eq!(timeline(&sample::cohort()), [day("2026-01-05", 2), day("2026-01-20", 4)]);
    }

    #[test]
    fn days_are_counted_through_leap_years() {
        let between = |a: &str, b: &str| day_number(b).unwrap() - day_number(a).unwrap();
        assert_eq!(between("2024-02-28", "2024-03-01"), 2);
        assert_eq!(between("2026-02-28", "2026-03-01"), 1);
        assert_eq!(between("2025-12-31", "2026-01-01T00:00:00Z"), 1);
        assert_eq!(between("2000-01-01", "2100-01-01"), 36_525);
        assert_eq!(day_number("x"), None);
    }
}
