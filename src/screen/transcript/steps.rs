//! Exercises, quizzes, the list of them, and a check of them all.

use super::super::check::Checked;
use super::super::hint::hint;
use super::super::line::{Line, Role};
use super::super::list::{ListFilter, ListView, Row, list_head};
use super::super::quiz::{QuizView, question, reply};
use super::super::stage::{Stage, stage};
use super::super::verdict::{headline, verdict, where_to_look};
use super::super::watch::{ExerciseView, task, why};
use super::Transcript;
use crate::verdict::Kind;

/// Columns that a sign needs more when it is a word.
const WORD: usize = 6;

impl Transcript {
    pub(super) fn exercise(
        &mut self,
        view: &ExerciseView<'_>,
        opened: bool,
        arrived: bool,
        width: usize,
    ) -> Vec<Line> {
        let mut lines = Vec::new();
        if arrived {
            lines.extend(where_to_look(None, view.exercise, width));
            lines.extend(task(view.exercise, width));
        } else if let (true, None, Some(verdict)) = (opened && self.told, &view.doing, view.verdict) {
            let back = Line::of(Role::Title, &view.exercise.name).and(Role::Plain, ": ");
            lines.extend(back.join(headline(verdict)).wrap(width, 2));
        }
        let hints = view.exercise.hints.iter().take(view.hints).enumerate().skip(self.hints);
        for (index, text) in hints {
            lines.push(Line::blank());
            lines.extend(hint(text, index + 1, view.exercise.hints.len(), width));
        }
        self.hints = view.hints;
        match (&view.doing, view.verdict) {
            (Some(doing), _) => {
                self.told = false;
                if !std::mem::replace(&mut self.grading, true) {
                    lines.push(Line::blank());
                    lines.push(stage(Stage::Starting));
                }
                lines.extend(self.building(doing.stage, width));
            }
            (None, found) => {
                (self.grading, self.building) = (false, false);
                if let (Some(found), false) = (found, self.told) {
                    self.told = true;
                    lines.push(Line::blank());
                    lines.extend(verdict(found, view.exercise, width.saturating_sub(WORD)));
                    if found.passed() {
                        lines.extend(why(view.exercise, width));
                    }
                }
            }
        }
        lines
    }

    /// Says once that crates are built: that takes a while.
    fn building(&mut self, now: Stage<'_>, width: usize) -> Vec<Line> {
        match now {
            Stage::Preparing { .. } if !std::mem::replace(&mut self.building, true) => {
                let text =
                    "Building the crates that exercises use. This happens once, and may take a minute.";
                Line::from(text).wrap(width, 2)
            }
            _ => Vec::new(),
        }
    }

    pub(super) fn quiz(&mut self, view: &QuizView<'_>, opened: bool, width: usize) -> Vec<Line> {
        let answers = (view.wrong.len(), view.solved);
        let answered = std::mem::replace(&mut self.answers, answers) != answers;
        if !opened && !answered {
            return Vec::new();
        }
        let mut lines = if opened { question(view, width.saturating_sub(WORD)) } else { Vec::new() };
        for line in &mut lines {
            for (sign, word) in [(" ✗ ", "wrong: "), (" ✓ ", "right: ")] {
                if let Some(span) = line.spans.first_mut().filter(|span| span.text.starts_with(sign)) {
                    span.text.replace_range(..sign.len(), &format!("   {word}"));
                }
            }
        }
        lines.extend(reply(view, width));
        lines
    }

    /// All rows when the list is opened or shows others; later the one under the cursor.
    pub(super) fn rows(&mut self, view: &ListView<'_>, opened: bool, width: usize) -> Vec<Line> {
        let filter = ListFilter { typing: false, ..view.filter.clone() };
        let before = self.list.replace((filter.clone(), view.cursor)).filter(|_| !opened);
        let shown = view.rows.iter().enumerate().filter(|(_, row)| view.filter.takes(row));
        let mut lines = Vec::new();
        if before.as_ref().is_none_or(|(before, _)| *before != filter) {
            lines.extend(list_head(view, width));
            let mut chapter = None;
            for (index, row) in shown.clone() {
                if chapter != Some(row.chapter) {
                    chapter = Some(row.chapter);
                    lines.push(Line::blank());
                    lines.push(Line::of(Role::Title, row.chapter));
                }
                lines.extend(row_line(index, row).indent(2).wrap(width, 6));
            }
            lines.push(Line::blank());
        }
        if before.is_none_or(|(_, cursor)| cursor != view.cursor)
            && let Some((index, row)) = shown.clone().find(|(index, _)| *index == view.cursor)
        {
            let line = Line::from("Enter (an empty line) goes to: ").join(row_line(index, row));
            lines.extend(line.wrap(width, 2));
        }
        if opened {
            let how =
                "Type the name of a step to go there; j and k move to the next step and the one before.";
            lines.extend(Line::from(how).wrap(width, 2));
        }
        lines
    }

    /// The start, each tenth, and what could not be told from the numbers.
    pub(super) fn check(
        &mut self,
        done: &[Checked],
        total: usize,
        now: Stage<'_>,
        opened: bool,
        width: usize,
    ) -> Vec<Line> {
        let mut lines = Vec::new();
        if opened {
            (self.tenths, self.building) = (0, false);
            lines.extend(Line::of(Role::Title, "Checking every exercise…").wrap(width, 2));
        }
        lines.extend(self.building(now, width));
        let tenths = (done.len() * 10).checked_div(total).unwrap_or(0);
        if tenths > self.tenths {
            self.tenths = tenths;
            let passed = done.iter().filter(|checked| checked.kind == Kind::Passed).count();
            lines.push(Line::from(format!("{} of {total} checked, {passed} of them solved.", done.len())));
        }
        lines
    }
}

/// `3. lazy_call: to do, quiz, extra, 2 attempts, 1 hint, you are here`
fn row_line(index: usize, row: &Row<'_>) -> Line {
    let counted = |count: usize, one: &str| match count {
        0 => String::new(),
        1 => format!("1 {one}"),
        more => format!("{more} {one}s"),
    };
    let parts = [
        row.badge.word().to_owned(),
        row.question.unwrap_or_default().to_owned(),
        if row.core { String::new() } else { "extra".to_owned() },
        counted(row.attempts as usize, "attempt"),
        counted(row.hints, "hint"),
        if row.current { "you are here".to_owned() } else { String::new() },
    ];
    let about: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    Line::of(Role::Plain, format!("{}. ", index + 1))
        .and(Role::Code, row.name)
        .and(Role::Plain, format!(": {}", about.join(", ")))
}
