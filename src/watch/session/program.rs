//! The learner's own program: run for its sake, on a page of its own.

use crate::grader::{Activity, Played};
use crate::screen::watch::Stage;
use crate::screen::{ProgramEnd, ProgramView, Role};
use crate::workbook::Step;

use super::super::event::{Effect, Key, RunId};
use super::printed::Printed;
use super::{Page, Session};

/// A run of the learner's program, at work or over.
#[derive(Debug)]
pub(super) struct Program {
    id: RunId,
    name: String,
    printed: Printed,
    /// What it is doing before it runs; `None` when it has not said anything.
    activity: Option<Activity>,
    end: Option<End>,
    pub(super) tick: usize,
}

#[derive(Debug)]
enum End {
    Played(Played),
    Stopped,
}

impl Program {
    /// Whether this activity is of this run; it is remembered then.
    pub(super) fn hear(&mut self, id: RunId, activity: &Activity) -> bool {
        let ours = self.id == id;
        if ours {
            self.activity = Some(activity.clone());
        }
        ours
    }

    /// Its page.
    pub(super) fn view(&self) -> ProgramView<'_> {
        ProgramView {
            name: &self.name,
            printed: self.printed.lines(),
            left_out: self.printed.left_out(),
            stage: match &self.activity {
                Some(Activity::Testing { .. }) => None,
                Some(Activity::Preparing { built, crate_name }) => {
                    Some(Stage::Preparing { built: *built, crate_name })
                }
                Some(Activity::Compiling | Activity::Diagnosed(_)) | None => Some(Stage::Compiling),
            },
            tick: self.tick,
            end: self.end.as_ref().map(|end| match end {
                End::Stopped => ProgramEnd::Stopped,
                End::Played(Played::Exited(code)) => ProgramEnd::Exited(*code),
                End::Played(Played::Signalled(signal)) => ProgramEnd::Signalled(*signal),
                End::Played(Played::DoesNotCompile(found)) => ProgramEnd::DoesNotCompile(found),
                End::Played(Played::NoMain) => ProgramEnd::NoMain,
                End::Played(Played::Broken(broken)) => ProgramEnd::Broken(broken),
            }),
        }
    }
}

impl Session {
    /// Whether the learner's program is running, or about to.
    pub(super) fn playing(&self) -> bool {
        self.program.as_ref().is_some_and(|program| program.end.is_none())
    }

    pub(super) fn play(&mut self) -> Vec<Effect> {
        let Some(Step::Exercise(_)) = self.step() else {
            self.say(Role::Warn, "A quiz has no program to run.");
            return Vec::new();
        };
        let (id, name) = (self.new_id(), self.name());
        self.page = Page::Program;
        // The newest line is what one looks at.
        self.scroll = usize::MAX;
        self.notice = None;
        self.program = Some(Program {
            id,
            name: name.clone(),
            printed: Printed::default(),
            activity: None,
            end: None,
            tick: 0,
        });
        vec![Effect::Play(id, name)]
    }

    /// Its output is drawn with the next turn of the spinner: a program that prints a lot is no reason to draw a lot. Once
    /// it is over nothing turns any more, and what was still on its way is drawn at once.
    pub(super) fn printed(&mut self, id: RunId, bytes: &[u8]) -> Vec<Effect> {
        let Some(program) = self.program.as_mut().filter(|program| program.id == id) else {
            return Vec::new();
        };
        program.printed.push(bytes);
        if program.end.is_some() { vec![Effect::Draw] } else { Vec::new() }
    }

    pub(super) fn played(&mut self, id: RunId, played: Played) -> Vec<Effect> {
        let Some(program) = self.program.as_mut().filter(|program| program.id == id) else {
            return Vec::new();
        };
        program.end = Some(End::Played(played));
        vec![Effect::Draw]
    }

    /// Ends the program, if it is running; what it has printed stays on its page.
    pub(super) fn stop_program(&mut self) -> Vec<Effect> {
        match &mut self.program {
            Some(program) if program.end.is_none() => {
                program.end = Some(End::Stopped);
                vec![Effect::Stop(program.id)]
            }
            _ => Vec::new(),
        }
    }

    /// Ends the program and forgets it.
    pub(super) fn close_program(&mut self) -> Vec<Effect> {
        let effects = self.stop_program();
        self.program = None;
        effects
    }

    pub(super) fn press_on_program(&mut self, key: Key) -> Vec<Effect> {
        match key {
            Key::Esc if self.playing() => self.stop_program(),
            Key::Esc | Key::Char('q') => {
                self.page = Page::Step;
                self.scroll = 0;
                self.close_program()
            }
            Key::Char('p' | 'r') if !self.playing() => self.play(),
            _ => {
                self.scrolls(key);
                Vec::new()
            }
        }
    }
}
