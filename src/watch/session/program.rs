//! A run of the learner's own program: what it has printed, and for how long it is still.

use std::time::Duration;

use crate::grader::{Activity, Ask, Played};
use crate::screen::{ProgramEnd, ProgramView, Stage, Still};
use crate::verdict::HangKind;

use super::super::event::{Effect, RunId};
use super::printed::Printed;

/// A run of the learner's program, at work or over.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) id: RunId,
    pub(super) name: String,
    pub(super) printed: Printed,
    /// What it is doing before it runs; `None` when it has not said anything.
    pub(super) activity: Option<Activity>,
    pub(super) end: Option<End>,
    pub(super) tick: usize,
    /// Since it runs; `None` before that.
    pub(super) clock: Option<Clock>,
    /// Whether the learner has pressed Ctrl-C.
    pub(super) interrupted: bool,
}

/// How long a program has run, and how long nothing has come from it. Times are counted from the start of the loop.
#[derive(Debug)]
pub(super) struct Clock {
    started: Duration,
    now: Duration,
    /// When it last printed something.
    moved: Duration,
    /// When it was looked at last since then, and what was seen.
    pub(super) looked: Option<Duration>,
    pub(super) seen: Option<HangKind>,
}

/// A program that has printed nothing for so long is looked at,
const STILL: Duration = Duration::from_secs(10);
/// and again whenever so much time has passed.
const AGAIN: Duration = Duration::from_secs(5);

/// What the system calls the signal of Ctrl-C.
const SIGINT: i32 = 2;

#[derive(Debug)]
pub(super) enum End {
    Played(Played),
    Stopped,
}

impl Program {
    /// Whether it has been compiled and started.
    pub(super) fn runs(&self) -> bool {
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
    pub(super) fn print(&mut self, bytes: &[u8]) {
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
            open: self.printed.is_open(),
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
