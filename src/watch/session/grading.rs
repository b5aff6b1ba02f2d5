//! Gradings: one at a time, the newest text wins.

use crate::grader::Activity;
use crate::screen::{Checked, NOTHING_TO_CHECK, Role, counted};
use crate::verdict::{Kind, Verdict};
use crate::workbook::Step;
use crate::workspace::{State, hash_of};

use super::super::event::{Change, Effect, Graded, RunId};
use super::Session;
use super::page::Page;
use super::run::{Check, Run, Why};

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
        vec![match run.why {
            Why::Check(check) => self.begin_check(check),
            why => self.begin(self.name(), why),
        }]
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
            Why::Arrival | Why::Check(_) => false,
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
                // The end of a chapter has something to say.
                && self.ending_before(Some(next)).is_none()
            {
                return self.advance(next, changes, &verdict);
            }
        }
        self.verdict = Some(verdict);
        self.outdated = false;
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
        self.page = Page::Step;
        let mut effects = self.enter(next, changes);
        let tests = match verdict.tests.len() {
            1 => "its hidden test passes".to_owned(),
            2 => "both hidden tests pass".to_owned(),
            total => format!("all {total} hidden tests pass"),
        };
        self.say(Role::Good, format!("✓ {solved} is solved: {tests}. This is the next step."));
        effects.push(Effect::Draw);
        effects
    }

    /// Starts to grade every exercise.
    pub(super) fn check_all(&mut self) -> Vec<Effect> {
        let left: Vec<String> = self.workbook.exercises().map(|exercise| exercise.name.clone()).collect();
        let total = left.len();
        if total == 0 {
            self.say(Role::Plain, NOTHING_TO_CHECK);
            return vec![Effect::Draw];
        }
        let mut effects = self.cancel();
        self.page = Page::Step;
        self.notice = None;
        self.checked = None;
        self.scroll = 0;
        effects.push(self.begin_check(Check { left, done: Vec::new(), total, solved: Vec::new() }));
        effects.push(Effect::Draw);
        effects
    }

    fn begin_check(&mut self, check: Check) -> Effect {
        let (id, left) = (self.new_id(), check.left.clone());
        self.run = Some(Run { id, why: Why::Check(check), activity: None, diagnosed: None, tick: 0 });
        Effect::CheckAll(id, left)
    }

    pub(super) fn checked_one(&mut self, id: RunId, name: String, graded: Graded) -> Vec<Effect> {
        let known = self.solved_already(&name);
        let exercise = self.workbook.step(&name).and_then(Step::as_exercise);
        let starter = exercise.map(|exercise| hash_of(&exercise.starter));
        let Some(Run { why: Why::Check(check), activity, .. }) = self.run.as_mut().filter(|run| run.id == id)
        else {
            return Vec::new();
        };
        // Whatever was built is built.
        *activity = None;
        let kind = graded.verdict.kind;
        let untouched = starter.is_some() && graded.source == starter;
        if kind == Kind::Passed
            && let Some(source) = graded.source
            && !known
        {
            check.solved.push(Change::Solved { name: name.clone(), source });
        }
        check.left.retain(|left| *left != name);
        check.done.push(Checked { name, kind, untouched });
        vec![Effect::Draw]
    }

    pub(super) fn check_over(&mut self, id: RunId) -> Vec<Effect> {
        let Some(Run { why: Why::Check(check), .. }) = self.run.take_if(|run| run.id == id) else {
            return Vec::new();
        };
        let Check { mut done, solved, .. } = check;
        let place = |name: &str| self.workbook.exercises().position(|exercise| exercise.name == name);
        done.sort_by_key(|checked| place(&checked.name));
        let first = self.first_unsolved(&done);
        let passed = done.iter().filter(|checked| checked.kind == Kind::Passed).count();
        let total = done.len();
        let mut effects = self.go_to(first.unwrap_or(self.current), solved);
        match first {
            Some(_) => {
                let text = format!(
                    "{passed} of {} solved. This is the first one that is not.",
                    counted(total, "exercise")
                );
                self.say(Role::Plain, text);
            }
            None if passed == total => self.say(Role::Good, "Everything is solved."),
            None => self.say(Role::Warn, "Everything that could be graded is solved."),
        }
        self.checked = Some(done);
        effects.push(Effect::Draw);
        effects
    }

    /// Leaves. What a check has found so far is kept.
    pub(super) fn quit(&mut self) -> Vec<Effect> {
        let mut effects = self.cancel();
        effects.retain(|effect| matches!(effect, Effect::Save(_)));
        effects.push(Effect::Quit);
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
