//! What a learner has done so far, and what follows from it. Pure: the clock, the disk and chance are the caller's.

use std::collections::BTreeMap;
use std::time::SystemTime;

use crate::workbook::{Chapter, Exercise, Quiz, Step, Workbook};
use crate::workspace::stamp;

/// What a learner has done so far. Knows nothing of the workbook: steps are names, and names that no workbook has
/// (any more) are kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    pub(super) learner: String,
    pub(super) current: Option<String>,
    pub(super) records: BTreeMap<String, Record>,
    /// The learner wants no reviews.
    pub(super) no_review: bool,
    /// Chapters whose page was shown, in that order.
    pub(super) pages: Vec<String>,
    /// Keys of the file that this version does not know; they are written back.
    pub(super) extra: toml::Table,
}

/// What is remembered of one step.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Record {
    /// What became of it; `None` while it is pending.
    pub mark: Option<Mark>,
    /// When it was first solved: RFC 3339, UTC.
    pub solved_at: Option<String>,
    /// How many times it was graded, or answered, with a result that counts.
    pub attempts: u32,
    /// How many hints were taken.
    pub hints: u32,
    /// Whether the solution was shown before it was solved.
    pub gave_up: bool,
    /// The choices tried in a quiz, as indices into [`Quiz::choices`], in order.
    pub answered: Vec<usize>,
    /// BLAKE3 of the source that passed, in hexadecimal.
    pub source: Option<String>,
    /// BLAKE3 of the hidden tests that it passed, in hexadecimal.
    pub hidden: Option<String>,
    /// How many reviews in a row went well since it was solved, or since one that did not.
    pub reviews: u32,
    /// When it was last reviewed: RFC 3339, UTC.
    pub reviewed_at: Option<String>,
    /// Keys of the file that this version does not know; they are written back.
    pub(super) extra: toml::Table,
}

/// What became of a step that is no longer pending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Its hidden tests passed, or the right choice was made.
    Solved,
    /// The learner went past it.
    Skipped,
}

/// Where a step stands, seen from the workbook as it is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// Solved, against the hidden tests that the workbook has now.
    Solved,
    /// Not solved yet.
    Pending,
    /// Left for later.
    Skipped,
    /// Solved, against other hidden tests than the workbook has now: worth checking again.
    Stale,
}

/// How many steps stand where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// All of them.
    pub total: usize,
    /// [`State::Solved`].
    pub solved: usize,
    /// [`State::Pending`].
    pub pending: usize,
    /// [`State::Skipped`].
    pub skipped: usize,
    /// [`State::Stale`].
    pub stale: usize,
    /// Those on the short path.
    pub core: usize,
    /// Those on the short path that are [`State::Solved`].
    pub core_solved: usize,
}

/// What came of an answer to a quiz.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answered {
    /// It is solved.
    Right,
    /// It is not.
    Wrong,
    /// The quiz has no such choice; nothing is recorded.
    NoSuchChoice,
}

impl Progress {
    /// Nothing done yet. `learner` seeds the order in which quizzes show their choices.
    #[must_use]
    pub fn new(learner: String) -> Self {
        Self {
            learner,
            current: None,
            records: BTreeMap::new(),
            no_review: false,
            pages: Vec::new(),
            extra: toml::Table::new(),
        }
    }

    /// The learner's id: random, made at set-up, the seed for [`Quiz::order_for`].
    #[must_use]
    pub fn learner(&self) -> &str {
        &self.learner
    }

    /// What is remembered of a step; `None` if it was never touched.
    #[must_use]
    pub fn record(&self, name: &str) -> Option<&Record> {
        self.records.get(name)
    }

    /// Every step ever touched, by name, those of other workbook versions among them.
    pub fn records(&self) -> impl Iterator<Item = (&str, &Record)> {
        self.records.iter().map(|(name, record)| (name.as_str(), record))
    }

    /// Where a step stands.
    #[must_use]
    pub fn state(&self, step: &Step) -> State {
        let Some(record) = self.records.get(step.name()) else { return State::Pending };
        match (record.mark, step) {
            (None, _) => State::Pending,
            (Some(Mark::Skipped), _) => State::Skipped,
            (Some(Mark::Solved), Step::Exercise(exercise))
                if record.hidden.as_deref() != Some(hidden_hash(exercise).as_str()) =>
            {
                State::Stale
            }
            (Some(Mark::Solved), _) => State::Solved,
        }
    }

    /// Counts one grading. Not for one that ended `broken` or was cancelled: those cost no attempt.
    pub fn record_attempt(&mut self, name: &str) {
        let record = self.touch(name);
        record.attempts = record.attempts.saturating_add(1);
    }

    /// Marks a step as solved. The time of the first solving stays; the hashes are those of the last.
    pub fn record_solved(&mut self, name: &str, source_hash: &str, hidden_hash: &str, now: SystemTime) {
        let record = self.touch(name);
        record.solve(now);
        record.source = Some(source_hash.to_owned());
        record.hidden = Some(hidden_hash.to_owned());
    }

    /// Whether a step is marked as solved with this text and these hidden tests: to record it again would change nothing.
    #[must_use]
    pub fn has_solved(&self, name: &str, source_hash: &str, hidden_hash: &str) -> bool {
        self.records.get(name).is_some_and(|record| {
            record.mark == Some(Mark::Solved)
                && record.source.as_deref() == Some(source_hash)
                && record.hidden.as_deref() == Some(hidden_hash)
        })
    }

    /// Takes the next hint; `None` when all have been taken. [`Record::hints`] says how many have.
    pub fn take_hint<'e>(&mut self, exercise: &'e Exercise) -> Option<&'e str> {
        let taken = self.record(&exercise.name).map_or(0, |record| record.hints);
        let hint = exercise.hints.get(taken as usize)?;
        self.touch(&exercise.name).hints = taken + 1;
        Some(hint)
    }

    /// Records an answer to a quiz; `choice` is an index into [`Quiz::choices`], not a place on the screen. A quiz
    /// once solved stays solved, and further answers to it are not recorded.
    pub fn answer_quiz(&mut self, quiz: &Quiz, choice: usize, now: SystemTime) -> Answered {
        if choice >= quiz.choices.len() {
            return Answered::NoSuchChoice;
        }
        let right = choice == quiz.answer;
        let record = self.touch(&quiz.name);
        if record.mark != Some(Mark::Solved) {
            record.attempts = record.attempts.saturating_add(1);
            record.answered.push(choice);
            if right {
                record.solve(now);
            }
        }
        if right { Answered::Right } else { Answered::Wrong }
    }

    /// Leaves a step for later; one that is solved stays so.
    pub fn skip(&mut self, name: &str) {
        let record = self.touch(name);
        record.mark = record.mark.or(Some(Mark::Skipped));
    }

    /// Notes that the solution was shown; not for a step that was solved before.
    pub fn give_up(&mut self, name: &str) {
        let record = self.touch(name);
        record.gave_up |= record.mark != Some(Mark::Solved);
    }

    /// Makes a step the current one.
    pub fn go_to(&mut self, name: &str) {
        self.current = Some(name.to_owned());
    }

    /// Notes that a chapter's page was shown.
    pub fn see_page(&mut self, chapter: &str) {
        if !self.pages.iter().any(|seen| seen == chapter) {
            self.pages.push(chapter.to_owned());
        }
    }

    /// Whether a learner comes to a chapter for the first time: its page was not shown, and none of its steps was touched, as
    /// files of programs before this one tell.
    #[must_use]
    pub fn is_new(&self, chapter: &Chapter) -> bool {
        !self.pages.contains(&chapter.id)
            && chapter.steps.iter().all(|step| self.record(step.name()).is_none())
    }

    /// The step that the learner is at: the one named last, solved or not; if the workbook has no such step, the
    /// first that is not solved. `None` when nothing is left to do.
    #[must_use]
    pub fn current<'w>(&self, workbook: &'w Workbook) -> Option<&'w Step> {
        self.current.as_deref().and_then(|name| workbook.step(name)).or_else(|| self.next_after(workbook, ""))
    }

    /// The next step to do after `name`, never `name` itself: pending ones first, from there to the end and round
    /// from the beginning; then skipped ones likewise; then stale ones. `None` when no other step is left.
    #[must_use]
    pub fn next_after<'w>(&self, workbook: &'w Workbook, name: &str) -> Option<&'w Step> {
        let steps: Vec<&Step> = workbook.steps().map(|(_, step)| step).collect();
        let here = steps.iter().position(|step| step.name() == name);
        let (before, from) = steps.split_at(here.unwrap_or(0));
        let in_turn: Vec<_> = from.iter().skip(usize::from(here.is_some())).chain(before).copied().collect();
        let states: Vec<State> = in_turn.iter().map(|step| self.state(step)).collect();
        [State::Pending, State::Skipped, State::Stale]
            .iter()
            .find_map(|wanted| states.iter().position(|state| state == wanted))
            .map(|index| in_turn[index])
    }

    /// How far the learner is in the whole workbook.
    #[must_use]
    pub fn summary(&self, workbook: &Workbook) -> Counts {
        self.count(workbook.steps().map(|(_, step)| step))
    }

    /// How far the learner is in one chapter.
    #[must_use]
    pub fn chapter_summary(&self, chapter: &Chapter) -> Counts {
        self.count(chapter.steps.iter())
    }

    fn count<'w>(&self, steps: impl Iterator<Item = &'w Step>) -> Counts {
        let mut counts = Counts::default();
        for step in steps {
            let state = self.state(step);
            counts.total += 1;
            *match state {
                State::Solved => &mut counts.solved,
                State::Pending => &mut counts.pending,
                State::Skipped => &mut counts.skipped,
                State::Stale => &mut counts.stale,
            } += 1;
            counts.core += usize::from(step.core());
            counts.core_solved += usize::from(step.core() && state == State::Solved);
        }
        counts
    }

    pub(super) fn touch(&mut self, name: &str) -> &mut Record {
        self.records.entry(name.to_owned()).or_default()
    }
}

impl Record {
    fn solve(&mut self, now: SystemTime) {
        self.mark = Some(Mark::Solved);
        self.solved_at.get_or_insert_with(|| stamp::rfc3339(now));
    }
}

impl State {
    /// Its name in `list --format json`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Solved => "solved",
            Self::Pending => "pending",
            Self::Skipped => "skipped",
            Self::Stale => "stale",
        }
    }
}

/// BLAKE3 of a text, in hexadecimal: what [`Record::source`] holds.
#[must_use]
pub fn hash_of(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex().to_string()
}

/// BLAKE3 of the hidden tests of an exercise, in hexadecimal: what [`Record::hidden`] holds.
#[must_use]
pub fn hidden_hash(exercise: &Exercise) -> String {
    hash_of(&exercise.hidden.source)
}

#[cfg(test)]
mod tests;
