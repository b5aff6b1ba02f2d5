//! Gradings: one at a time, the newest text wins.

use std::collections::VecDeque;

use crate::grader::Activity;
use crate::screen::{Checked, Role};
use crate::verdict::{Diagnostic, Kind, Verdict};
use crate::workbook::Step;
use crate::workspace::State;

use super::super::event::{Change, Effect, Graded, RunId};
use super::{Page, Session};

/// A grading under way.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) id: RunId,
    pub(super) why: Why,
    /// What it said last; `None` when it has not said anything.
    pub(super) activity: Option<Activity>,
    /// What the compiler said about the text, once it has.
    pub(super) diagnosed: Option<Vec<Diagnostic>>,
    pub(super) tick: usize,
}

/// Why something is graded.
#[derive(Debug)]
pub(super) enum Why {
    /// The learner has come to the step and has done nothing yet: no attempt.
    Arrival,
    /// The learner saved.
    Save,
    /// The learner asked for it.
    Again,
    /// A check of everything is at this step: no attempt either.
    Check(Check),
}

/// A check of everything.
#[derive(Debug)]
pub(super) struct Check {
    pub(super) now: String,
    pub(super) left: VecDeque<String>,
    pub(super) done: Vec<Checked>,
    pub(super) total: usize,
    /// Found to be solved, and not recorded as such so far.
    solved: Vec<Change>,
}

impl Session {
    /// Grades the current exercise; a grading that is under way is stopped.
    pub(super) fn grade(&mut self, why: Why) -> Vec<Effect> {
        let mut effects = self.cancel();
        effects.push(self.begin(self.name(), why));
        effects
    }

    fn begin(&mut self, name: String, why: Why) -> Effect {
        let id = self.new_id();
        self.run = Some(Run { id, why, activity: None, diagnosed: None, tick: 0 });
        Effect::Grade(id, name)
    }

    pub(super) fn new_id(&mut self) -> RunId {
        self.last_run = RunId(self.last_run.0 + 1);
        self.last_run
    }

    /// Stops the grading under way, if there is one. What a check has found so far is kept.
    pub(super) fn cancel(&mut self) -> Vec<Effect> {
        let Some(run) = self.run.take() else { return Vec::new() };
        let mut effects = vec![Effect::Cancel(run.id)];
        if let Why::Check(check) = run.why
            && !check.solved.is_empty()
        {
            effects.push(Effect::Save(check.solved));
        }
        effects
    }

    /// Starts the grading under way once more, under a new id.
    pub(super) fn restart(&mut self) -> Vec<Effect> {
        let Some(run) = self.run.take() else { return Vec::new() };
        let name = match &run.why {
            Why::Check(check) => check.now.clone(),
            _ => self.name(),
        };
        vec![self.begin(name, run.why)]
    }

    /// The check of everything that is under way.
    pub(super) fn checking(&self) -> Option<&Check> {
        match &self.run {
            Some(Run { why: Why::Check(check), .. }) => Some(check),
            _ => None,
        }
    }

    pub(super) fn heard(&mut self, id: RunId, activity: Activity) -> Vec<Effect> {
        if self.program.as_mut().is_some_and(|program| program.hear(id, &activity)) {
            return vec![Effect::Draw];
        }
        let Some(run) = self.run.as_mut().filter(|run| run.id == id) else { return Vec::new() };
        match activity {
            Activity::Diagnosed(diagnostics) => run.diagnosed = Some(diagnostics),
            activity => run.activity = Some(activity),
        }
        vec![Effect::Draw]
    }

    pub(super) fn graded(&mut self, id: RunId, graded: Graded) -> Vec<Effect> {
        let Some(run) = self.run.take_if(|run| run.id == id) else { return Vec::new() };
        let Graded { verdict, source } = graded;
        let saved = matches!(run.why, Why::Save);
        let counts = match run.why {
            Why::Check(check) => return self.checked_one(check, run.tick, verdict.kind, source),
            Why::Arrival => false,
            Why::Save | Why::Again => true,
        };
        let name = self.name();
        let mut changes = Vec::new();
        // After it is solved, playing with the file costs nothing.
        if counts && !self.solved() && verdict.kind != Kind::Broken {
            changes.push(Change::Attempt(name.clone()));
        }
        if verdict.passed() {
            match source {
                Some(source) if counts || !self.solved() => changes.push(Change::Solved { name, source }),
                _ => {}
            }
            if saved
                && self.settings.auto_advance
                && verdict.diagnostics.is_empty()
                && let Some(next) = self.next_index()
            {
                return self.advance(next, changes, &verdict);
            }
            self.say(Role::Good, "Press n for the next step.");
        }
        self.verdict = Some(verdict);
        let mut effects = Vec::new();
        if !changes.is_empty() {
            // Saved first: what a learner has been told survives a power cut.
            effects.push(Effect::Save(changes));
        }
        effects.push(Effect::Draw);
        effects
    }

    /// Goes on by itself. What would have been read about the step that is solved stands above the next one.
    fn advance(&mut self, next: usize, changes: Vec<Change>, verdict: &Verdict) -> Vec<Effect> {
        let solved = self.name();
        let mut effects = self.go_to(next, changes);
        self.page = Page::Step;
        let tests = match verdict.tests.len() {
            1 => "its hidden test passes".to_owned(),
            total => format!("all {total} hidden tests pass"),
        };
        self.say(Role::Good, format!("✓ {solved} is solved: {tests}. This is the next step."));
        effects.push(Effect::Draw);
        effects
    }

    /// Starts to grade every exercise, in order.
    pub(super) fn check_all(&mut self) -> Vec<Effect> {
        let mut left: VecDeque<String> =
            self.workbook.exercises().map(|exercise| exercise.name.clone()).collect();
        let total = left.len();
        let Some(now) = left.pop_front() else { return Vec::new() };
        let mut effects = self.cancel();
        self.page = Page::Step;
        self.notice = None;
        self.checked = None;
        self.scroll = 0;
        let check = Check { now: now.clone(), left, done: Vec::new(), total, solved: Vec::new() };
        effects.push(self.begin(now, Why::Check(check)));
        effects.push(Effect::Draw);
        effects
    }

    fn checked_one(
        &mut self,
        mut check: Check,
        tick: usize,
        kind: Kind,
        source: Option<String>,
    ) -> Vec<Effect> {
        let name = std::mem::take(&mut check.now);
        if kind == Kind::Passed
            && let Some(source) = source
            && !self.solved_already(&name)
        {
            check.solved.push(Change::Solved { name: name.clone(), source });
        }
        check.done.push(Checked { name, kind });
        if let Some(next) = check.left.pop_front() {
            check.now = next.clone();
            let grade = self.begin(next, Why::Check(check));
            if let Some(run) = &mut self.run {
                run.tick = tick;
            }
            return vec![grade, Effect::Draw];
        }
        let Check { done, solved, .. } = check;
        let first = self.first_unsolved(&done);
        let passed = done.iter().filter(|checked| checked.kind == Kind::Passed).count();
        let total = done.len();
        let mut effects = self.go_to(first.unwrap_or(self.current), solved);
        match first {
            Some(_) => {
                let text =
                    format!("{passed} of {total} exercises pass. This is the first step that is not solved.");
                self.say(Role::Plain, text);
            }
            None if passed == total => self.say(Role::Good, "Everything is solved."),
            None => self.say(Role::Warn, "Everything that could be graded is solved."),
        }
        self.checked = Some(done);
        effects.push(Effect::Draw);
        effects
    }

    fn solved_already(&self, name: &str) -> bool {
        let index = self.workbook.steps().position(|(_, step)| step.name() == name);
        index.and_then(|index| self.states.get(index)) == Some(&State::Solved)
    }

    /// The first exercise that did not pass just now, or the first quiz that is open, whichever comes first. What
    /// could not be graded is nobody's next step.
    fn first_unsolved(&self, done: &[Checked]) -> Option<usize> {
        self.workbook.steps().zip(&self.states).position(|((_, step), state)| match step {
            Step::Exercise(exercise) => done.iter().any(|checked| {
                checked.name == exercise.name && !matches!(checked.kind, Kind::Passed | Kind::Broken)
            }),
            Step::Quiz(_) => *state != State::Solved,
        })
    }
}
