//! What was solved comes back, each time after a longer pause. Pure, like all of the progress: the clock is the caller's.

use std::time::{Duration, SystemTime};

use crate::workbook::{Quiz, Step, Workbook};
use crate::workspace::progress::{Answered, Mark, Progress, Record};
use crate::workspace::stamp;

/// Days from the solution of a question to its first review, from that one to the second, and so on.
const QUESTION: &[u64] = &[1, 3, 7, 16, 35];

/// The same for an exercise, which takes longer than a question.
const EXERCISE: &[u64] = &[7, 35];

const DAY: Duration = Duration::from_secs(24 * 3600);

/// A review is due this long before its days are over: for a learner who finished at nine in the evening, it is due in
/// the afternoon of the day, not at nine.
const EARLY: Duration = Duration::from_secs(6 * 3600);

/// Minutes that a day's reviews take at most.
const MINUTES_A_DAY: u64 = 10;

const QUESTION_MINUTES: u64 = 1;

const EXERCISE_MINUTES: u64 = 5;

/// What is to be reviewed now, and what later.
#[derive(Debug, Clone)]
pub struct Reviews<'w> {
    /// The steps for now, questions first; among these, those that were due first. They fit into ten minutes.
    pub due: Vec<&'w Step>,
    /// So many more are due: they do not fit into today.
    pub more: usize,
    /// When the next one will be due; `None` if some are due now, or if none will be.
    pub next: Option<SystemTime>,
}

impl Reviews<'_> {
    /// How long those for now take, in minutes, roughly.
    #[must_use]
    pub fn minutes(&self) -> u64 {
        self.due.iter().map(|step| minutes(step)).sum()
    }
}

impl Progress {
    /// What is due for review. Nothing is while reviews are switched off.
    #[must_use]
    pub fn reviews<'w>(&self, workbook: &'w Workbook, now: SystemTime) -> Reviews<'w> {
        let mut reviews = Reviews { due: Vec::new(), more: 0, next: None };
        if self.no_review {
            return reviews;
        }
        let mut coming: Vec<(bool, SystemTime, &Step)> = workbook
            .steps()
            .filter_map(|(_, step)| {
                // Of the exercises, only those on the core path come back.
                let is_exercise = step.as_exercise().is_some();
                let at = due_at(pauses(step), self.record(step.name())?)?;
                (step.core() || !is_exercise).then_some((is_exercise, at, step))
            })
            .collect();
        // It is stable: what is due at the same time comes in the workbook's order.
        coming.sort_by_key(|&(is_exercise, at, _)| (is_exercise, at));
        let (due, later): (Vec<_>, Vec<_>) = coming.into_iter().partition(|&(_, at, _)| at <= now);
        let mut left = MINUTES_A_DAY.saturating_sub(self.minutes_reviewed(workbook, now));
        for (_, _, step) in due {
            match left.checked_sub(minutes(step)) {
                Some(rest) => {
                    left = rest;
                    reviews.due.push(step);
                }
                None => reviews.more += 1,
            }
        }
        if reviews.due.is_empty() && reviews.more == 0 {
            reviews.next = later.iter().map(|&(_, at, _)| at).min();
        }
        reviews
    }

    /// Minutes that were spent on reviews since yesterday.
    fn minutes_reviewed(&self, workbook: &Workbook, now: SystemTime) -> u64 {
        let today = now - (DAY - EARLY);
        let reviewed = workbook.steps().filter(|(_, step)| {
            let at = self.record(step.name()).and_then(|record| stamp::parse(record.reviewed_at.as_deref()?));
            at.is_some_and(|at| today < at && at <= now)
        });
        reviewed.map(|(_, step)| minutes(step)).sum()
    }

    /// Records an answer to a question that is due, and so the first one of its review: after it, the question is not due.
    /// Whether the question counts as solved does not change.
    pub fn review_answer(&mut self, quiz: &Quiz, choice: usize, now: SystemTime) -> Answered {
        if choice >= quiz.choices.len() {
            return Answered::NoSuchChoice;
        }
        let right = choice == quiz.answer;
        self.record_review(&quiz.name, QUESTION, right, now);
        if right { Answered::Right } else { Answered::Wrong }
    }

    /// Records that an exercise that is due was solved again.
    pub fn review_exercise(&mut self, name: &str, now: SystemTime) {
        self.record_review(name, EXERCISE, true, now);
    }

    /// After a right answer the next review comes later than this one came; after a wrong answer it comes as soon as the first
    /// one did. What is not due is no review, and changes nothing.
    fn record_review(&mut self, name: &str, pauses: &[u64], right: bool, now: SystemTime) {
        let due = self.record(name).and_then(|record| due_at(pauses, record));
        if due.is_none_or(|at| now < at) {
            return;
        }
        let record = self.touch(name);
        record.reviews = if right { record.reviews.saturating_add(1) } else { 0 };
        record.reviewed_at = Some(stamp::rfc3339(now));
    }

    /// How long it is until a step comes back, in days; `None` when it does not.
    #[must_use]
    pub fn review_in(&self, step: &Step) -> Option<u64> {
        pauses(step).get(self.record(step.name())?.reviews as usize).copied()
    }

    /// Whether anything is ever due for review.
    #[must_use]
    pub fn reviews_are_on(&self) -> bool {
        !self.no_review
    }

    /// Switches reviews on or off.
    pub fn switch_reviews(&mut self, on: bool) {
        self.no_review = !on;
    }
}

fn pauses(step: &Step) -> &'static [u64] {
    if step.as_exercise().is_some() { EXERCISE } else { QUESTION }
}

fn minutes(step: &Step) -> u64 {
    if step.as_exercise().is_some() { EXERCISE_MINUTES } else { QUESTION_MINUTES }
}

/// When something with these pauses is due for review; `None` when it is not, or not any more.
fn due_at(pauses: &[u64], record: &Record) -> Option<SystemTime> {
    if record.mark != Some(Mark::Solved) {
        return None;
    }
    let days = *pauses.get(record.reviews as usize)?;
    let before = record.reviewed_at.as_deref().or(record.solved_at.as_deref())?;
    Some(stamp::parse(before)? + DAY * u32::try_from(days).ok()? - EARLY)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::fixture::{self, now};

    fn days(count: u64) -> Duration {
        Duration::from_secs(count * 24 * 3600)
    }

    fn names(reviews: &Reviews<'_>) -> Vec<String> {
        reviews.due.iter().map(|step| step.name().to_owned()).collect()
    }

    /// The question is solved.
    fn solved(workbook: &Workbook) -> Progress {
        let mut progress = Progress::new("seed".into());
        progress.answer_quiz(question(workbook), question(workbook).answer, now());
        progress
    }

    fn question(workbook: &Workbook) -> &Quiz {
        workbook.step("question").and_then(Step::as_quiz).unwrap()
    }

    #[test]
    fn a_question_comes_back_after_longer_and_longer_pauses() {
        let workbook = fixture::workbook();
        let mut progress = solved(&workbook);
        let mut today = now();
        for pause in [1, 3, 7, 16, 35] {
            let too_early = today + days(pause) - Duration::from_secs(6 * 3600 + 1);
            assert_eq!(names(&progress.reviews(&workbook, too_early)), [""; 0], "{pause} days");
            assert_eq!(
                progress.reviews(&workbook, too_early).next,
                Some(too_early + Duration::from_secs(1)),
                "{pause} days"
            );
            today += days(pause);
            assert_eq!(names(&progress.reviews(&workbook, today)), ["question"], "{pause} days");
            assert_eq!(progress.reviews(&workbook, today).next, None);
            let right = question(&workbook).answer;
            assert_eq!(progress.review_answer(question(&workbook), right, today), Answered::Right);
        }
        let reviews = progress.reviews(&workbook, today + days(1000));
        assert_eq!((names(&reviews), reviews.next), (Vec::new(), None), "it is known by now");
        assert_eq!(progress.review_in(workbook.step("question").unwrap()), None);
    }

    #[test]
    fn a_wrong_answer_brings_it_back_tomorrow_and_takes_nothing_away() {
        let workbook = fixture::workbook();
        let mut progress = solved(&workbook);
        let quiz = question(&workbook);
        for _ in 0..3 {
            progress.review_answer(quiz, quiz.answer, now() + days(20));
        }
        let wrong = (quiz.answer + 1) % quiz.choices.len();
        assert_eq!(progress.review_answer(quiz, wrong, now() + days(40)), Answered::Wrong);
        assert_eq!(progress.review_in(workbook.step("question").unwrap()), Some(1));
        assert_eq!(names(&progress.reviews(&workbook, now() + days(41))), ["question"]);
        let record = progress.record("question").unwrap();
        assert_eq!((record.mark, record.attempts), (Some(Mark::Solved), 1));
        assert_eq!(progress.review_answer(quiz, 99, now()), Answered::NoSuchChoice);
    }

    #[test]
    fn exercises_of_the_core_path_come_back_after_a_week_and_behind_the_questions() {
        let workbook = fixture::workbook();
        let mut progress = solved(&workbook);
        for name in ["first", "second", "third"] {
            progress.record_solved(name, "", "", now() - days(1));
        }
        assert_eq!(names(&progress.reviews(&workbook, now() + days(1))), ["question"]);
        let week = now() + days(7);
        let reviews = progress.reviews(&workbook, week);
        // A question and one exercise: the second exercise does not fit into ten minutes.
        assert_eq!((names(&reviews), reviews.more), (vec!["question".to_owned(), "first".into()], 1));
        assert_eq!(reviews.minutes(), 6);
        progress.review_exercise("first", week);
        progress.review_answer(question(&workbook), question(&workbook).answer, week);
        let reviews = progress.reviews(&workbook, week);
        assert_eq!((names(&reviews), reviews.more), (Vec::new(), 1), "six minutes of ten are over");
        assert_eq!(names(&progress.reviews(&workbook, week + days(1))), ["second"]);
        assert_eq!(progress.review_in(workbook.step("first").unwrap()), Some(35));
    }

    #[test]
    fn an_answer_to_what_is_not_due_changes_nothing() {
        let workbook = fixture::workbook();
        let mut progress = solved(&workbook);
        let quiz = question(&workbook);
        progress.review_answer(quiz, quiz.answer, now() + days(1));
        let reviewed = progress.clone();
        for choice in [quiz.answer, (quiz.answer + 1) % quiz.choices.len()] {
            progress.review_answer(quiz, choice, now() + days(2));
            assert_eq!(progress, reviewed);
        }
    }

    #[test]
    fn nothing_is_due_while_reviews_are_off() {
        let workbook = fixture::workbook();
        let mut progress = solved(&workbook);
        progress.switch_reviews(false);
        let reviews = progress.reviews(&workbook, now() + days(10));
        assert_eq!((names(&reviews), reviews.next), (Vec::new(), None));
        progress.switch_reviews(true);
        assert_eq!(names(&progress.reviews(&workbook, now() + days(10))), ["question"]);
    }

    #[test]
    fn a_clock_that_was_set_back_makes_nothing_due() {
        let workbook = fixture::workbook();
        let progress = solved(&workbook);
        assert_eq!(names(&progress.reviews(&workbook, now() - days(100))), [""; 0]);
    }
}
