//! The learner's own program: run for its sake, on a page of its own.

use crate::grader::{Ask, Played};
use crate::screen::Role;
use crate::verdict::HangKind;
use crate::workbook::Step;

use super::super::event::{Effect, Key, RunId};
use super::Session;
use super::page::Page;
use super::press::is_of_the_step;
use super::printed::Printed;
use super::program::{End, Program};

impl Session {
    /// Whether the learner's program is running, or about to.
    pub(super) fn playing(&self) -> bool {
        self.program.as_ref().is_some_and(|program| program.end.is_none())
    }

    pub(super) fn play(&mut self) -> Vec<Effect> {
        let Some(Step::Exercise(_)) = self.step() else {
            self.say_of_quiz("has no file of yours to run.");
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
            clock: None,
            interrupted: false,
        });
        vec![Effect::Play(id, name)]
    }

    /// Its output is drawn with the next turn of the spinner: a program that prints a lot is no reason to draw a lot. Once
    /// it is over nothing turns any more, and what was still on its way is drawn at once.
    pub(super) fn printed(&mut self, id: RunId, bytes: &[u8]) -> Vec<Effect> {
        let Some(program) = self.program.as_mut().filter(|program| program.id == id) else {
            return Vec::new();
        };
        program.print(bytes);
        if program.end.is_some() { vec![Effect::Draw] } else { Vec::new() }
    }

    pub(super) fn played(&mut self, id: RunId, played: Played) -> Vec<Effect> {
        let Some(program) = self.program.as_mut().filter(|program| program.id == id) else {
            return Vec::new();
        };
        program.end = Some(End::Played(played));
        vec![Effect::Draw]
    }

    /// What its threads did when they were looked at.
    pub(super) fn seen(&mut self, id: RunId, kind: HangKind) -> Vec<Effect> {
        let program = self.program.as_mut().filter(|program| program.id == id && program.end.is_none());
        // It may have printed something meanwhile.
        if let Some(clock) = program.and_then(|program| program.clock.as_mut())
            && clock.looked.is_some()
        {
            clock.seen = Some(kind);
            return vec![Effect::Draw];
        }
        Vec::new()
    }

    /// Ctrl-C while the program's page is shown: it means the program, and never the watcher. The program hears it as it
    /// would in a shell, and may have a last word; one that goes on all the same is ended by the second.
    pub(super) fn interrupt_program(&mut self) -> Vec<Effect> {
        let playing = self.playing();
        let mut effects = match &mut self.program {
            Some(program) if playing && program.runs() && !program.interrupted => {
                program.interrupted = true;
                vec![Effect::Ask(program.id, Ask::Interrupt)]
            }
            _ if playing => self.stop_program(),
            _ => self.leave_program(),
        };
        effects.push(Effect::Draw);
        effects
    }

    fn leave_program(&mut self) -> Vec<Effect> {
        self.page = Page::Step;
        self.scroll = 0;
        self.close_program()
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

    /// While it runs, its page has few keys. Once it is over, those of the step lead there and do what they do there.
    pub(super) fn press_on_program(&mut self, key: Key) -> Vec<Effect> {
        if self.scrolls(key) {
            return vec![Effect::Draw];
        }
        self.notice = None;
        let playing = self.playing();
        let mut effects = match key {
            Key::Esc if playing => self.stop_program(),
            Key::Esc | Key::Char('q') => self.leave_program(),
            _ if playing => {
                self.say(Role::Plain, "Your program is running. esc stops it; other keys wait.");
                Vec::new()
            }
            Key::Char('p' | 'r') => self.play(),
            Key::Enter | Key::Backspace => self.leave_program(),
            key if is_of_the_step(key) => {
                let mut effects = self.leave_program();
                effects.extend(self.press_on_step(key));
                return effects;
            }
            key => self.idle(key),
        };
        effects.push(Effect::Draw);
        effects
    }
}
