//! What the learner's own program prints, and how it ended.

use std::borrow::Cow;

use crate::verdict::{Broken, Diagnostic, HangKind, sanitize};

use super::line::{Line, Role};
use super::markdown::inline;
use super::stage::{Stage, spinner, stage};
use super::text::NO_BREAK;
use super::verdict::diagnosed;

/// A run of the learner's program.
#[derive(Debug, Clone)]
pub struct ProgramView<'a> {
    /// The exercise.
    pub name: &'a str,
    /// What it has printed, line by line. Harmless text: see [`sanitize`].
    pub printed: Vec<Cow<'a, str>>,
    /// Whether the last of them has no end yet.
    pub open: bool,
    /// Earlier lines that are no longer kept.
    pub left_out: usize,
    /// Before it ran; `None` once it does.
    pub stage: Option<Stage<'a>>,
    /// Turns the spinner.
    pub tick: usize,
    /// For how many seconds it has run.
    pub seconds: u64,
    /// Nothing has come from it for a while.
    pub still: Option<Still>,
    /// Whether it was interrupted, and goes on so far.
    pub interrupted: bool,
    /// How it ended; `None` while it has not.
    pub end: Option<ProgramEnd<'a>>,
}

/// A program that prints nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Still {
    /// For how many seconds.
    pub seconds: u64,
    /// What its threads do; `None` while they have not been looked at.
    pub seen: Option<HangKind>,
}

/// How a run of the learner's program ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ProgramEnd<'a> {
    /// By itself, with this exit code.
    Exited(i32),
    /// By this signal.
    Signalled(i32),
    /// The learner stopped it.
    Stopped,
    /// The compiler refused it.
    DoesNotCompile(&'a [Diagnostic]),
    /// There is no `main` to run.
    NoMain,
    /// It could not be run, and that is the machine's fault.
    Broken(&'a Broken),
}

/// The exit code with which Rust ends a program whose `main` panicked.
const PANICKED: i32 = 101;

/// The output, oldest first, and how it stands at the end: what is newest is looked at.
pub(super) fn program(view: &ProgramView<'_>, width: usize) -> Vec<Line> {
    let title = Line::of(Role::Title, "What ").and(Role::Code, view.name).and(Role::Title, " prints:");
    let mut lines = title.wrap(width, 2);
    lines.push(Line::blank());
    if view.left_out > 0 {
        let text = format!("… {} earlier lines are no longer kept", view.left_out);
        lines.extend(Line::of(Role::Warn, text).wrap(width, 2));
    }
    for line in &view.printed {
        lines.extend(Line::of(Role::Plain, line).wrap(width, 0));
    }
    if !view.printed.is_empty() {
        lines.push(Line::blank());
    }
    match &view.end {
        None => {
            let what = match view.stage {
                Some(before) => stage(before),
                None if view.interrupted => Line::of(Role::Warn, "Interrupted, and still running.")
                    .and(Role::Dim, format!(" {}{NO_BREAK}s; Ctrl-C or esc ends it", view.seconds)),
                None => Line::of(Role::Title, "Running…")
                    .and(Role::Dim, format!(" {}{NO_BREAK}s; esc stops it", view.seconds)),
            };
            lines.extend(spinner(view.tick).join(what).wrap(width, 2));
            if let Some(still) = &view.still {
                lines.extend(moves_nothing(*still).wrap(width, 2));
            }
        }
        Some(end) => lines.extend(ended(end, view.printed.is_empty(), width)),
    }
    lines
}

/// What there is to say about a program that prints nothing.
pub(super) fn moves_nothing(still: Still) -> Line {
    let line = Line::of(Role::Warn, format!("Nothing printed for {}{NO_BREAK}s", still.seconds));
    let text = match still.seen {
        Some(HangKind::Parked) => {
            ", and every thread is asleep: the program waits for something. A program that hangs asleep looks like \
             this."
        }
        Some(HangKind::Spinning) => {
            ", and the program is busy: a thread keeps a core busy. A program that hangs in a loop looks like this."
        }
        Some(HangKind::Unknown) | None => ".",
    };
    line.and(Role::Plain, text)
}

pub(super) fn ended(end: &ProgramEnd<'_>, silent: bool, width: usize) -> Vec<Line> {
    let line = match end {
        ProgramEnd::Exited(0) if silent => {
            Line::of(Role::Title, "It finished without printing anything.").and(Role::Dim, " Exit code 0.")
        }
        ProgramEnd::Exited(0) => Line::of(Role::Good, "It ended.").and(Role::Dim, " Exit code 0."),
        ProgramEnd::Exited(PANICKED) => {
            Line::of(Role::Bad, "It panicked.").and(Role::Dim, format!(" Exit code {PANICKED}."))
        }
        ProgramEnd::Exited(code) => {
            Line::of(Role::Warn, "It ended.").and(Role::Dim, format!(" Exit code {code}."))
        }
        ProgramEnd::Signalled(signal) => Line::of(Role::Bad, format!("Signal {signal} ended it.")),
        ProgramEnd::Stopped => Line::of(Role::Warn, "You stopped it."),
        ProgramEnd::NoMain => inline(
            "This file has no `main`, so there is no program to run: it is a library, and the hidden tests call its \
             functions. You can add a `fn main()` to try them; it does no harm.",
            Role::Plain,
        ),
        ProgramEnd::DoesNotCompile(found) => {
            let mut lines =
                Line::of(Role::Bad, "It does not compile, so there is nothing to run.").wrap(width, 0);
            lines.extend(diagnosed(found, width));
            return lines;
        }
        ProgramEnd::Broken(broken) => {
            let mut lines =
                Line::of(Role::Warn, "It could not be run. This is not your fault.").wrap(width, 0);
            for line in sanitize(&format!("{}\n→ {}", broken.problem, broken.remedy)).lines() {
                lines.extend(inline(line, Role::Plain).wrap(width, 2));
            }
            return lines;
        }
    };
    line.wrap(width, 0)
}
