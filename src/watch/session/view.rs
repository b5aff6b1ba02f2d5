//! The session as the screen shows it.

use crate::grader::Activity;
use crate::screen::watch::{Body, Doing, ExerciseView, Notice, View};
use crate::screen::{
    Heading, KeyHelp, ListFilter, ListView, QuizView, Ran, Role, Stage, Tally, has_timeline,
};
use crate::workbook::{Exercise, Step};
use crate::workspace::{Mark, State};

use super::super::keys;
use super::super::shown::{badge, quiz_of, rows_of};
use super::Session;
use super::page::{Listing, Page};
use super::run::Run;

impl Session {
    /// The screen's size in columns and rows.
    #[must_use]
    pub fn size(&self) -> (usize, usize) {
        self.size
    }

    /// Makes the screen so many columns and rows large.
    pub fn resize(&mut self, size: (usize, usize)) {
        self.size = size;
    }

    /// Whether a grading is under way.
    #[must_use]
    pub fn grading(&self) -> bool {
        self.run.is_some()
    }

    /// What the screen shows now.
    #[must_use]
    pub fn view(&self) -> View<'_> {
        let state = self.states.get(self.current).copied().unwrap_or(State::Pending);
        let (chapter, step) = self.workbook.steps().nth(self.current).unzip();
        let heading = Heading {
            chapter: chapter.map_or("", |chapter| &chapter.title),
            step: step.map_or("", Step::name),
            number: self.current + 1,
            total: self.states.len(),
            badge: badge(state),
        };
        let in_chapter = self
            .workbook
            .steps()
            .zip(&self.states)
            .filter(|((of, _), _)| chapter.is_some_and(|chapter| chapter.id == of.id))
            .map(|(_, state)| *state);
        View {
            heading,
            body: self.body(step),
            checked: self.checked.as_deref(),
            notices: self
                .announced
                .iter()
                .cloned()
                .chain(self.notice.clone().or_else(|| self.standing()))
                .collect(),
            chapter: tally(in_chapter),
            workbook: tally(self.states.iter().copied()),
            keys: self.keys_here(),
            scroll: self.scroll,
            turn: self.turn,
        }
    }

    /// What there is to say for as long as things are as they are, where nothing else is said.
    fn standing(&self) -> Option<Notice> {
        if self.page != Page::Step || self.run.is_some() {
            return None;
        }
        let (role, text) = match self.step()? {
            Step::Exercise(exercise) if self.gone => {
                let path = exercise.path();
                let text = format!(
                    "{path} is gone. Save it again in your editor, or press x to put the starter back."
                );
                (Role::Warn, text)
            }
            Step::Exercise(_) => match (self.verdict.as_ref()?.passed(), self.solved()) {
                (true, true) => (Role::Good, self.onward(", or s to see your file next to the solution")),
                (true, false) => {
                    (Role::Warn, "It passes, but that could not be saved. Press r to try again.".to_owned())
                }
                (false, true) => (
                    Role::Plain,
                    "You solved this step before, and it stays solved, whatever you try. Press n to go on."
                        .to_owned(),
                ),
                (false, false) => return None,
            },
            Step::Quiz(_) if self.solved() => (Role::Good, self.onward("")),
            Step::Quiz(quiz) => {
                let tried =
                    self.progress.record(&quiz.name).is_some_and(|record| !record.answered.is_empty());
                return tried.then(|| Notice { role: Role::Plain, text: "Press another number.".to_owned() });
            }
        };
        Some(Notice { role, text })
    }

    /// How to go on from a solved step.
    fn onward(&self, or: &str) -> String {
        match self.next_index() {
            Some(_) => format!("Press n for the next step{or}."),
            None => format!("That was the last one. Press n{or}."),
        }
    }

    fn body<'s>(&'s self, step: Option<&'s Step>) -> Body<'s> {
        if let Some(check) = self.checking() {
            let run = self.run.as_ref();
            return Body::Checking {
                done: &check.done,
                total: check.total,
                stage: run.map_or(Stage::Starting, stage),
                tick: run.map_or(0, |run| run.tick),
            };
        }
        if let (Page::Program, Some(program)) = (&self.page, &self.program) {
            return Body::Program(program.view());
        }
        match (&self.page, step) {
            (Page::Welcome, step) => Body::Welcome {
                text: &self.workbook.welcome,
                first: step.and_then(Step::as_exercise).map(|exercise| self.exercise(exercise)),
            },
            (Page::Back { text }, step) => Body::Welcome {
                text,
                first: step.and_then(Step::as_exercise).map(|exercise| self.exercise(exercise)),
            },
            (Page::Timeline, Some(_)) if let Some(verdict) = &self.verdict => Body::Timeline(verdict),
            (Page::Help, _) if self.settings.plain => Body::Help(&keys::TYPED),
            (Page::Help, _) => Body::Help(&keys::ALL),
            (Page::List(Listing { cursor, filter }), _) => {
                let rows = rows_of(&self.workbook, &self.progress, step.map(Step::name));
                Body::List(ListView { rows, filter, cursor: *cursor })
            }
            (Page::Task, Some(Step::Exercise(exercise))) => Body::Task(exercise),
            (Page::Book, _) => Body::Book(self.book()),
            (Page::Ending { text }, _) => Body::Ending(text),
            (Page::Solution { own }, Some(Step::Exercise(exercise))) => {
                Body::Solution { own, reference: &exercise.solution }
            }
            (Page::Farewell, _)
            | (Page::Step | Page::Program | Page::Timeline | Page::Task | Page::Solution { .. }, None) => {
                Body::Farewell(&self.workbook.farewell)
            }
            (Page::Step | Page::Program | Page::Timeline, Some(Step::Exercise(exercise))) => {
                Body::Exercise(self.exercise(exercise))
            }
            (
                Page::Step | Page::Program | Page::Timeline | Page::Task | Page::Solution { .. },
                Some(Step::Quiz(quiz)),
            ) => Body::Quiz(QuizView { ran: self.ran(), ..quiz_of(quiz, &self.progress) }),
        }
    }

    /// The run of the current prediction's program.
    fn ran(&self) -> Option<Ran<'_>> {
        let running = self.run.as_ref().map(|run| Ran::Running { stage: stage(run), tick: run.tick });
        running.or(self.verdict.as_ref().map(Ran::Over))
    }

    fn exercise<'s>(&'s self, exercise: &'s Exercise) -> ExerciseView<'s> {
        ExerciseView {
            exercise,
            doing: self.run.as_ref().map(|run| Doing {
                stage: stage(run),
                diagnosed: run.diagnosed.as_deref(),
                tick: run.tick,
            }),
            verdict: self.verdict.as_ref(),
            gone: self.gone,
            hints: if self.solved() { 0 } else { self.hints_taken() },
            fresh: self.fresh(&exercise.name),
        }
    }

    /// Whether the learner has not tried anything yet.
    fn fresh(&self, name: &str) -> bool {
        let record = self.progress.record(name);
        record.is_none_or(|record| record.attempts == 0 && record.mark != Some(Mark::Solved))
    }

    /// The keys that do something now.
    pub(super) fn keys_here(&self) -> Vec<KeyHelp> {
        let mut keys = self.keys(self.step());
        if self.settings.plain {
            keys.retain(|key| *key != keys::SCROLL && *key != keys::MOVE);
        }
        keys
    }

    fn keys(&self, step: Option<&Step>) -> Vec<KeyHelp> {
        if self.checking().is_some() {
            return vec![keys::STOP, keys::QUIT];
        }
        match &self.page {
            Page::Back { .. } => return vec![keys::GO_ON, keys::CHECK, keys::QUIT],
            Page::Welcome => return vec![keys::BEGIN, keys::QUIT],
            Page::Book => return self.keys_of_book(),
            Page::Ending { .. } => {
                return vec![keys::GO_ON_HERE, keys::BOOK, keys::LIST, keys::SCROLL, keys::QUIT];
            }
            Page::Timeline | Page::Help | Page::Task | Page::Solution { .. } => {
                return vec![keys::SCROLL, keys::BACK];
            }
            Page::List(Listing { filter, .. }) if filter.typing => {
                return vec![keys::MOVE, keys::GO, keys::CLEAR];
            }
            Page::List(Listing { filter, .. }) => {
                let core = if filter.core_only { keys::EVERYTHING } else { keys::CORE };
                let esc = if *filter == ListFilter::default() { keys::BACK } else { keys::CLEAR };
                return vec![keys::MOVE, keys::GO, keys::SEARCH, keys::STATES, core, esc];
            }
            Page::Program if self.playing() => {
                return vec![keys::STOP_PROGRAM, keys::INTERRUPT, keys::SCROLL];
            }
            Page::Program => return vec![keys::PLAY_AGAIN, keys::SCROLL, keys::BACK],
            Page::Farewell => return vec![keys::LIST, keys::CHECK, keys::KEYS, keys::QUIT],
            Page::Step => {}
        }
        let mut shown = Vec::new();
        if self.run.is_some() {
            shown.push(keys::STOP);
        }
        shown.push(if self.solved() { keys::NEXT } else { keys::SKIP });
        match step {
            Some(Step::Exercise(exercise)) => {
                if !self.solved() && self.hints_taken() < exercise.hints.len() {
                    shown.push(keys::HINT);
                }
                if self.may_compare() {
                    shown.push(keys::SOLUTION);
                }
                if self.verdict.as_ref().is_some_and(has_timeline) {
                    shown.push(keys::TIMELINE);
                }
                if !self.fresh(&exercise.name) {
                    shown.push(keys::TASK);
                }
                shown.extend([
                    keys::BOOK,
                    keys::LIST,
                    keys::AGAIN,
                    keys::PLAY,
                    keys::EDIT,
                    keys::CHECK,
                    keys::RESET,
                ]);
            }
            Some(Step::Quiz(quiz)) => {
                if !self.solved() {
                    shown.insert(0, keys::answer(quiz.choices.len()));
                }
                if self.verdict.as_ref().is_some_and(has_timeline) {
                    shown.push(keys::TIMELINE);
                }
                shown.extend([keys::BOOK, keys::LIST, keys::CHECK]);
            }
            None => {}
        }
        shown.extend([keys::KEYS, keys::QUIT]);
        shown
    }
}

fn stage(run: &Run) -> Stage<'_> {
    match &run.activity {
        Some(Activity::Preparing { built, crate_name }) => Stage::Preparing { built: *built, crate_name },
        Some(Activity::Compiling) => Stage::Compiling,
        Some(Activity::Testing { done, total }) => Stage::Testing { done: *done, total: *total },
        Some(Activity::Diagnosed(_)) | None => Stage::Starting,
    }
}

fn tally(states: impl Iterator<Item = State>) -> Tally {
    states.fold(Tally::default(), |tally, state| Tally {
        done: tally.done + usize::from(state == State::Solved),
        total: tally.total + 1,
    })
}
