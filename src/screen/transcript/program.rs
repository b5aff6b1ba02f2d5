//! The learner's own program: its lines as they come, and what becomes of it.

use super::super::line::{Line, Role};
use super::super::program::{ProgramView, ended, moves_nothing};
use crate::verdict::HangKind;

/// What was told of a run.
#[derive(Debug, Default)]
pub(super) struct Heard {
    /// Lines of its output, from the first one on.
    lines: usize,
    running: bool,
    /// That nothing comes from it, and what was seen then.
    still: Option<Option<HangKind>>,
    interrupted: bool,
    ended: bool,
}

impl Heard {
    pub(super) fn program(&mut self, view: &ProgramView<'_>, opened: bool, width: usize) -> Vec<Line> {
        let mut lines = Vec::new();
        if opened || self.ended && view.end.is_none() {
            *self = Self::default();
            let title =
                Line::of(Role::Title, "What ").and(Role::Code, view.name).and(Role::Title, " prints:");
            lines.extend(title.wrap(width, 2));
        }
        if view.stage.is_none() && !std::mem::replace(&mut self.running, true) && view.end.is_none() {
            lines.extend(Line::from("Running. Type esc to stop it.").wrap(width, 2));
        }
        lines.extend(self.printed(view));
        if view.interrupted && !std::mem::replace(&mut self.interrupted, true) && view.end.is_none() {
            lines.extend(
                Line::of(Role::Warn, "Interrupted, and still running. Ctrl-C or esc ends it.").wrap(width, 2),
            );
        }
        let still = view.still.filter(|_| view.end.is_none());
        // It is told once, and again when it was looked at.
        if let Some(still) = still.filter(|still| self.still != Some(still.seen)) {
            lines.extend(moves_nothing(still).wrap(width, 2));
        }
        self.still = still.map(|still| still.seen);
        if let Some(end) = &view.end
            && !std::mem::replace(&mut self.ended, true)
        {
            lines.extend(ended(end, view.printed.is_empty(), width));
        }
        lines
    }

    /// Whole lines; the one that is not finished only when nothing can follow.
    fn printed(&mut self, view: &ProgramView<'_>) -> Vec<Line> {
        let open = usize::from(view.open && view.end.is_none());
        let whole = view.printed.len().saturating_sub(open);
        let mut lines = Vec::new();
        if view.left_out > self.lines {
            let lost = view.left_out - self.lines;
            lines.push(Line::of(Role::Warn, format!("… {lost} lines came too fast and are left out")));
            self.lines = view.left_out;
        }
        lines.extend(
            view.printed
                .iter()
                .take(whole)
                .skip(self.lines - view.left_out)
                .map(|line| Line::of(Role::Plain, line)),
        );
        self.lines = self.lines.max(view.left_out + whole);
        lines
    }
}
