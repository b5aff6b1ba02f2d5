//! The session as a state machine: no clock, no disk, no terminal. [`Session::on`] is the only way in, the effects it
//! returns the only way out.

mod book;
mod grading;
mod listing;
mod page;
mod playing;
mod press;
mod printed;
mod program;
mod run;
mod typed;
mod view;

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use crate::screen::watch::Notice;
use crate::screen::{Checked, Role};
use crate::verdict::Verdict;
use crate::workbook::{Step, Workbook};
use crate::workspace::{News, Progress, State};

use super::back::greeting;
use super::event::{Change, Effect, Event, Key, Occasion, Restored, RunId, Signal};
use page::{Books, Page, Question};
use program::Program;
use run::{Run, Why};

/// What a learner may want otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Settings {
    /// Each step's file is opened in an editor when the learner comes to it.
    pub open_files: bool,
    /// A save that solves a step leads on to the next one, unless there is more to read about it.
    pub auto_advance: bool,
    /// There is no screen: what is said is only ever added to, and keys come as lines.
    pub plain: bool,
}

/// Everything that the watcher knows.
#[derive(Debug)]
pub struct Session {
    workbook: Arc<Workbook>,
    settings: Settings,
    /// As it was last read from disk: the session changes it only by [`Effect::Save`].
    progress: Progress,
    /// Where each step stands, in the workbook's order; follows from `progress`.
    states: Vec<State>,
    /// Index of the step that the learner is at.
    current: usize,
    /// What takes most of the screen.
    page: Page,
    /// The grading under way.
    run: Option<Run>,
    /// The learner's program, while its page is shown.
    program: Option<Program>,
    /// The last id that was given to a grading or a program.
    last_run: RunId,
    /// What the last grading of the current step found.
    verdict: Option<Verdict>,
    /// What a check of everything found, until something else happens.
    checked: Option<Vec<Checked>>,
    /// A question that the next key answers.
    question: Option<Question>,
    /// Whether `verdict` is about an older text than the one that was saved last.
    outdated: bool,
    /// Whether the current step's file is gone.
    gone: bool,
    /// What nobody has asked for and everybody has to know. It stays until a key was pressed, whatever is said meanwhile.
    announced: Vec<Notice>,
    /// A word about what just happened.
    notice: Option<Notice>,
    scroll: usize,
    /// Where each chapter's page was left.
    books: Books,
    /// How many keys, or lines, have come.
    turn: u64,
    /// No more will come: what is under way is the last thing to do.
    leaving: bool,
    /// Columns and rows.
    size: (usize, usize),
}

impl Session {
    /// A session on the step where the learner left off. `size` is the screen's, in columns and rows.
    #[must_use]
    pub fn new(workbook: Arc<Workbook>, progress: Progress, size: (usize, usize)) -> Self {
        let all_done = progress.current(&workbook).is_none();
        let current = progress.current(&workbook).map(Step::name);
        let current = workbook.steps().position(|(_, step)| Some(step.name()) == current).unwrap_or(0);
        let page = match progress.records().next() {
            None if current == 0 => Page::Welcome,
            _ if all_done => Page::Farewell,
            _ => Page::Step,
        };
        let mut session = Self {
            workbook,
            settings: Settings::default(),
            states: Vec::new(),
            current,
            page,
            run: None,
            program: None,
            last_run: RunId(0),
            verdict: None,
            checked: None,
            question: None,
            outdated: false,
            gone: false,
            announced: Vec::new(),
            notice: None,
            scroll: 0,
            books: Books::default(),
            turn: 0,
            leaving: false,
            size,
            progress: progress.clone(),
        };
        session.learn(progress);
        session
    }

    /// The same session with other settings.
    #[must_use]
    pub fn with(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// Greets a learner who comes back, if there is something to say: to one who was away for so long, and about what is
    /// new in the workbook.
    #[must_use]
    pub fn picking_up(mut self, away: Option<Duration>, news: &News) -> Self {
        if self.page == Page::Step
            && let Some(text) = greeting(&self.workbook, &self.progress, away, news)
        {
            self.page = Page::Back { text };
        }
        self
    }

    /// Answers the learner's last key, or says what came of it.
    fn say(&mut self, role: Role, text: impl Into<String>) {
        self.notice = Some(Notice { role, text: text.into() });
    }

    /// Says what nobody has asked for. It stays on the screen until a key was pressed.
    pub fn announce(&mut self, role: Role, text: impl Into<String>) {
        let notice = Notice { role, text: text.into() };
        if !self.announced.contains(&notice) {
            self.announced.push(notice);
        }
    }

    /// What to do first.
    #[must_use]
    pub fn start(&mut self) -> Vec<Effect> {
        let mut effects = self.arrive();
        if self.page == Page::Step {
            effects.extend(self.open_new_book());
        }
        effects.push(Effect::Draw);
        effects
    }

    /// Takes in one event; says what to do about it.
    #[must_use]
    pub fn on(&mut self, event: Event) -> Vec<Effect> {
        self.turn += u64::from(matches!(event, Event::Key(_) | Event::Line(_)));
        let mut effects = self.take_in(event);
        if self.leaving && self.run.is_none() && !self.playing() {
            effects.extend(self.quit());
        }
        effects
    }

    fn take_in(&mut self, event: Event) -> Vec<Effect> {
        let mut effects = match event {
            Event::Key(key) => return self.press(key),
            Event::Line(text) => return self.typed(&text),
            Event::NoMoreLines => {
                self.leaving = true;
                return Vec::new();
            }
            Event::Saved => self.saved(),
            Event::Missing => self.missing(),
            Event::Activity(id, activity) => return self.heard(id, activity),
            Event::Graded(id, graded) => return self.graded(id, *graded),
            Event::Checked(id, name, graded) => return self.checked_one(id, name, *graded),
            Event::CheckOver(id) => return self.check_over(id),
            Event::Printed(id, bytes) => return self.printed(id, &bytes),
            Event::Seen(id, kind) => return self.seen(id, kind),
            Event::Played(id, played) => return self.played(id, *played),
            Event::Progress(progress) => {
                self.learn(*progress);
                Vec::new()
            }
            Event::Reset(restored) => self.restored(&restored),
            Event::Source(name, own) => {
                // Whoever has moved on meanwhile does not want to see it any more.
                if name == self.name() && self.page == Page::Step {
                    self.page = Page::Solution { own };
                    self.scroll = 0;
                }
                Vec::new()
            }
            // What was seen counts: the learner goes on from there.
            Event::Unsaved(progress, problem) => {
                self.learn(*progress);
                self.say(Role::Bad, problem);
                Vec::new()
            }
            Event::Failed(problem) => {
                self.announce(Role::Bad, problem);
                Vec::new()
            }
            Event::Resized(width, height) => {
                self.size = (width, height);
                Vec::new()
            }
            Event::Edited => return vec![Effect::Redraw],
            Event::NotOpened(occasion, problem) => {
                // Once is enough: the next file would not open either.
                self.settings.open_files &= occasion == Occasion::Asked;
                self.announce(Role::Warn, problem);
                Vec::new()
            }
            Event::Resumed => return self.resumed(),
            Event::Tick(now) => {
                if self.run.is_none() && !self.playing() {
                    return Vec::new();
                }
                if let Some(run) = &mut self.run {
                    run.tick += 1;
                }
                self.program.as_mut().and_then(|program| program.turn(now)).into_iter().collect()
            }
            // Without raw keys a Ctrl-C comes as a signal.
            Event::Signal(Signal::Interrupt) if self.settings.plain => return self.press(Key::Interrupt),
            Event::Signal(_) => return self.quit(),
        };
        effects.push(Effect::Draw);
        effects
    }

    fn learn(&mut self, progress: Progress) {
        self.states = self.workbook.steps().map(|(_, step)| progress.state(step)).collect();
        self.progress = progress;
    }

    fn step(&self) -> Option<&Step> {
        self.step_at(self.current)
    }

    fn step_at(&self, index: usize) -> Option<&Step> {
        self.workbook.steps().nth(index).map(|(_, step)| step)
    }

    fn name(&self) -> String {
        self.step().map(|step| step.name().to_owned()).unwrap_or_default()
    }

    fn solved(&self) -> bool {
        self.states.get(self.current) == Some(&State::Solved)
    }

    /// Makes another step the current one. `changes` are saved together with the move.
    fn go_to(&mut self, index: usize, mut changes: Vec<Change>) -> Vec<Effect> {
        let mut effects = self.cancel();
        self.current = index;
        self.checked = None;
        self.notice = None;
        changes.push(Change::GoTo(self.name()));
        effects.push(Effect::Save(changes));
        effects.extend(self.arrive());
        effects
    }

    /// Everything that a step needs when the learner comes to it.
    fn arrive(&mut self) -> Vec<Effect> {
        self.verdict = None;
        self.outdated = false;
        self.gone = false;
        self.question = None;
        self.scroll = 0;
        let name = self.name();
        match self.step() {
            Some(Step::Exercise(_)) => {
                let mut effects = vec![Effect::Point(name.clone()), Effect::Watch(Some(name.clone()))];
                if self.settings.open_files {
                    effects.push(Effect::Edit(name, Occasion::Arrival));
                }
                effects.extend(self.grade(Why::Arrival));
                effects
            }
            Some(Step::Quiz(_)) => {
                let mut effects = vec![Effect::Watch(None)];
                effects.extend(self.run_prediction());
                effects
            }
            None => vec![Effect::Watch(None)],
        }
    }

    fn saved(&mut self) -> Vec<Effect> {
        if !matches!(self.step(), Some(Step::Exercise(_))) {
            return Vec::new();
        }
        self.page = Page::Step;
        self.checked = None;
        self.question = None;
        self.notice = None;
        self.outdated = true;
        self.gone = false;
        self.scroll = 0;
        let stopped_check = self.checking().map(|check| (check.done.len(), check.total));
        let mut effects = self.close_program();
        effects.extend(self.grade(Why::Save));
        if let Some((done, total)) = stopped_check {
            self.announce(
                Role::Warn,
                format!(
                    "The check stopped after {done} of {total}, because you saved: that file comes first."
                ),
            );
        }
        effects
    }

    fn missing(&mut self) -> Vec<Effect> {
        if !matches!(self.step(), Some(Step::Exercise(_))) {
            return Vec::new();
        }
        self.gone = true;
        // There is no text any more that it would be about.
        self.verdict = None;
        if self.page == Page::Timeline {
            self.page = Page::Step;
        }
        if self.checking().is_some() { Vec::new() } else { self.cancel() }
    }

    fn restored(&mut self, restored: &Restored) -> Vec<Effect> {
        self.verdict = None;
        self.gone = false;
        let mut effects = vec![Effect::Watch(Some(self.name()))];
        effects.extend(self.grade(Why::Arrival));
        match restored {
            Restored::Backup(path) => {
                self.say(
                    Role::Good,
                    format!("The starter is back. Your text is kept in {}.", path.display()),
                );
            }
            Restored::Unchanged => {
                self.say(Role::Warn, "Nothing to reset: the file is the same as the starter.");
            }
            Restored::Anew => self.say(Role::Good, "The file was missing; the starter is back."),
        }
        effects
    }
}
