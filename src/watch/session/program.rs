//! The learner's own program: run for its sake, on a page of its own.

use std::time::Duration;

use crate::grader::{Activity, Ask, Played};
use crate::screen::watch::Stage;
use crate::screen::{ProgramEnd, ProgramView, Role, Still};
use crate::verdict::HangKind;
use crate::workbook::Step;

use super::super::event::{Effect, Key, RunId};
use super::press::is_of_the_step;
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
    tick: usize,
    /// Since it runs; `None` before that.
    clock: Option<Clock>,
    /// Whether the learner has pressed Ctrl-C.
    interrupted: bool,
}

/// How long a program has run, and how long nothing has come from it. Times are counted from the start of the loop.
#[derive(Debug)]
struct Clock {
    started: Duration,
    now: Duration,
    /// When it last printed something.
    moved: Duration,
    /// When it was looked at last since then, and what was seen.
    looked: Option<Duration>,
    seen: Option<HangKind>,
}

/// A program that has printed nothing for so long is looked at,
const STILL: Duration = Duration::from_secs(10);
/// and again whenever so much time has passed.
const AGAIN: Duration = Duration::from_secs(5);

/// What the system calls the signal of Ctrl-C.
const SIGINT: i32 = 2;

#[derive(Debug)]
enum End {
    Played(Played),
    Stopped,
}

impl Program {
    /// Whether it has been compiled and started.
    fn runs(&self) -> bool {
        matches!(self.activity, Some(Activity::Testing { .. }))
    }

    /// A turn of the spinner. Gives what there is to ask of it.
    pub(super) fn turn(&mut self, now: Duration) -> Option<Effect> {
        self.tick += 1;
        if self.end.is_some() || !self.runs() {
            return None;
        }
        let clock =
            self.clock.get_or_insert(Clock { started: now, now, moved: now, looked: None, seen: None });
        clock.now = now;
        let recent = |then: Duration, span| now.saturating_sub(then) < span;
        if recent(clock.moved, STILL) || clock.looked.is_some_and(|looked| recent(looked, AGAIN)) {
            return None;
        }
        clock.looked = Some(now);
        Some(Effect::Ask(self.id, Ask::Look))
    }

    /// What its clock shows.
    #[cfg(test)]
    pub(super) fn now(&self) -> Option<Duration> {
        self.clock.as_ref().map(|clock| clock.now)
    }

    /// It has printed something.
    fn print(&mut self, bytes: &[u8]) {
        self.printed.push(bytes);
        if let Some(clock) = &mut self.clock {
            (clock.moved, clock.looked, clock.seen) = (clock.now, None, None);
        }
    }

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
            seconds: self.clock.as_ref().map_or(0, |clock| (clock.now - clock.started).as_secs()),
            still: self.clock.as_ref().and_then(|clock| {
                let still = clock.now - clock.moved;
                (still >= STILL).then_some(Still { seconds: still.as_secs(), seen: clock.seen })
            }),
            interrupted: self.interrupted,
            end: self.end.as_ref().map(|end| match end {
                End::Stopped => ProgramEnd::Stopped,
                End::Played(Played::Signalled(SIGINT)) if self.interrupted => ProgramEnd::Stopped,
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
