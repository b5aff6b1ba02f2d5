//! All steps, by chapter.

use super::bar::{Tally, bar};
use super::line::{Line, Role};

/// How a step stands, for the eye.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Badge {
    /// Every hidden test passed, or the quiz was answered.
    Solved,
    /// Not yet.
    #[default]
    Pending,
    /// Left for later by the learner.
    Skipped,
    /// Solved against older hidden tests.
    Stale,
}

/// One step in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row<'a> {
    /// The title of its chapter.
    pub chapter: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Whether it is a question.
    pub quiz: bool,
    /// Whether it is on the short path.
    pub core: bool,
    /// How it stands.
    pub badge: Badge,
    /// Whether the learner is at it.
    pub current: bool,
    /// Gradings that counted.
    pub attempts: u32,
    /// Hints taken.
    pub hints: usize,
}

impl Badge {
    /// One column.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::Solved => "✓",
            Self::Pending => "·",
            Self::Skipped => "»",
            Self::Stale => "~",
        }
    }

    /// For people.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Solved => "solved",
            Self::Pending => "to do",
            Self::Skipped => "skipped",
            Self::Stale => "check again",
        }
    }

    pub(super) fn role(self) -> Role {
        match self {
            Self::Solved => Role::Good,
            Self::Pending => Role::Dim,
            Self::Skipped | Self::Stale => Role::Warn,
        }
    }
}

/// The list as text: a heading per chapter, a row per step, the sum at the end.
#[must_use]
pub fn list(rows: &[Row<'_>], width: usize) -> Vec<Line> {
    let (mut lines, _) = rows_with_cursor(rows, None, width);
    let solved = rows.iter().filter(|row| row.badge == Badge::Solved).count();
    lines.push(Line::blank());
    lines.push(bar("solved", Tally { done: solved, total: rows.len() }, width));
    lines
}

/// The rows with the one at `cursor` marked, and the index of its line.
pub(super) fn rows_with_cursor(rows: &[Row<'_>], cursor: Option<usize>, width: usize) -> (Vec<Line>, usize) {
    let names = rows.iter().map(|row| Line::from(row.name).width()).max().unwrap_or(0).min(width / 2);
    let mut lines = Vec::new();
    let mut cursor_line = 0;
    let mut chapter = None;
    for (index, row) in rows.iter().enumerate() {
        if chapter != Some(row.chapter) {
            chapter = Some(row.chapter);
            if !lines.is_empty() {
                lines.push(Line::blank());
            }
            let of_chapter = rows.iter().filter(|other| other.chapter == row.chapter);
            let total = of_chapter.clone().count();
            let done = of_chapter.filter(|other| other.badge == Badge::Solved).count();
            let tally = Line::of(Role::Dim, format!("{done}/{total}"));
            lines.push(Line::of(Role::Title, row.chapter).flush_right(tally, width.min(names + 40)));
        }
        if cursor == Some(index) {
            cursor_line = lines.len();
            lines.push(step_row(row, names, width, true).all(Role::Cursor));
        } else {
            lines.push(step_row(row, names, width, false));
        }
    }
    (lines, cursor_line)
}

fn step_row(row: &Row<'_>, names: usize, width: usize, under_cursor: bool) -> Line {
    let pointer = match (under_cursor, row.current) {
        (true, _) => "> ",
        (false, true) => "→ ",
        (false, false) => "  ",
    };
    let mut line = Line::of(Role::Key, pointer)
        .and(row.badge.role(), row.badge.sign())
        .and(Role::Plain, " ")
        .and(if row.current { Role::Title } else { Role::Plain }, row.name);
    let mut remarks = Vec::new();
    match row.badge {
        Badge::Solved | Badge::Pending => {}
        Badge::Skipped | Badge::Stale => remarks.push(row.badge.word().to_owned()),
    }
    if row.current {
        remarks.push("you are here".to_owned());
    }
    if row.quiz {
        remarks.push("quiz".to_owned());
    }
    if !row.core {
        remarks.push("extra".to_owned());
    }
    if row.attempts > 0 {
        remarks.push(counted(row.attempts as usize, "attempt"));
    }
    if row.hints > 0 {
        remarks.push(counted(row.hints, "hint"));
    }
    if !remarks.is_empty() {
        let gap = (names + 4).saturating_sub(line.width()) + 2;
        line = line.and(Role::Plain, " ".repeat(gap)).and(Role::Dim, remarks.join(" · "));
    }
    line.cut(width)
}

/// `1 hint`, `2 hints`
pub(super) fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
