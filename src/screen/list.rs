//! All steps, by chapter.

use super::bar::{Tally, bar};
use super::line::{Line, Role};
use crate::workbook::Dependency;

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
    /// What it is, if it is a question: a quiz or a prediction.
    pub question: Option<&'static str>,
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
    /// The crates beyond those of every exercise that it uses.
    pub brings: &'a [Dependency],
}

/// Which steps of the list are shown, by how they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Show {
    /// All of them.
    #[default]
    All,
    /// What is still to be done: all but the solved ones.
    Open,
    /// [`Badge::Solved`].
    Solved,
    /// [`Badge::Skipped`].
    Skipped,
    /// [`Badge::Stale`].
    Stale,
}

/// What is shown of the list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListFilter {
    /// By how steps stand.
    pub show: Show,
    /// Only the short path.
    pub core_only: bool,
    /// Only names and chapters with this text in them, in whatever case.
    pub search: String,
    /// Whether the learner is typing that text.
    pub typing: bool,
}

/// The list as the watcher shows it.
#[derive(Debug, Clone)]
pub struct ListView<'a> {
    /// All steps, in the workbook's order.
    pub rows: Vec<Row<'a>>,
    /// What is shown of them.
    pub filter: &'a ListFilter,
    /// The row that Enter would go to.
    pub cursor: usize,
}

impl Show {
    /// The one after it, in a circle.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::All => Self::Open,
            Self::Open => Self::Solved,
            Self::Solved => Self::Skipped,
            Self::Skipped => Self::Stale,
            Self::Stale => Self::All,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Open => "not solved",
            Self::Solved => "solved",
            Self::Skipped => "skipped",
            Self::Stale => "to check again",
        }
    }

    fn takes(self, badge: Badge) -> bool {
        match self {
            Self::All => true,
            Self::Open => badge != Badge::Solved,
            Self::Solved => badge == Badge::Solved,
            Self::Skipped => badge == Badge::Skipped,
            Self::Stale => badge == Badge::Stale,
        }
    }
}

impl ListFilter {
    /// Whether a row is shown.
    #[must_use]
    pub fn takes(&self, row: &Row<'_>) -> bool {
        let searched = self.names(row) || row.chapter.to_lowercase().contains(&self.search.to_lowercase());
        self.show.takes(row.badge) && (row.core || !self.core_only) && searched
    }

    /// Whether a row's own name has the text in it.
    #[must_use]
    pub fn names(&self, row: &Row<'_>) -> bool {
        row.name.to_lowercase().contains(&self.search.to_lowercase())
    }
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
    let (mut lines, _) = some_rows(rows, |_| true, None, width);
    let solved = rows.iter().filter(|row| row.badge == Badge::Solved).count();
    lines.push(Line::blank());
    lines.push(bar("solved", Tally { done: solved, total: rows.len() }, width));
    lines.extend(sums(rows).wrap(width, 2));
    lines
}

/// What stands above the rows: the sums, or what is shown if that is not all.
pub(super) fn list_head(view: &ListView<'_>, width: usize) -> Vec<Line> {
    let ListFilter { show, core_only, search, typing } = view.filter;
    if *view.filter == ListFilter::default() {
        return sums(&view.rows).wrap(width, 2);
    }
    let mut line = Line::blank();
    if *typing || !search.is_empty() {
        line = line.and(Role::Key, "/").and(Role::Code, search);
        line = if *typing { line.and(Role::Cursor, "▏") } else { line }.and(Role::Plain, " · ");
    }
    let shown = view.rows.iter().filter(|row| view.filter.takes(row)).count();
    line = line.and(Role::Title, format!("{shown} of {} shown", view.rows.len()));
    if *show != Show::All {
        line = line.and(Role::Plain, format!(" · {}", show.word()));
    }
    if *core_only {
        line = line.and(Role::Plain, " · core path");
    }
    line.wrap(width, 2)
}

/// `12 solved · 40 to do · 3 skipped · core path 10 of 30`
fn sums(rows: &[Row<'_>]) -> Line {
    let count = |badge| rows.iter().filter(|row| row.badge == badge).count();
    let core = rows.iter().filter(|row| row.core);
    let core_solved = core.clone().filter(|row| row.badge == Badge::Solved).count();
    let mut line = Line::blank();
    for badge in [Badge::Solved, Badge::Pending, Badge::Skipped, Badge::Stale] {
        let count = count(badge);
        if count > 0 || matches!(badge, Badge::Solved | Badge::Pending) {
            let gap = if line.width() > 0 { " · " } else { "" };
            line = line.and(Role::Dim, gap).and(badge.role(), format!("{count} {}", badge.word()));
        }
    }
    line.and(Role::Dim, format!(" · core path {core_solved} of {}", core.count()))
}

/// The rows that are shown, with the one at the cursor marked, and the index of its line.
pub(super) fn list_rows(view: &ListView<'_>, width: usize) -> (Vec<Line>, usize) {
    let (lines, cursor) =
        some_rows(&view.rows, |index| view.filter.takes(&view.rows[index]), Some(view.cursor), width);
    if lines.is_empty() {
        let nothing = "No step matches. esc shows all of them again.";
        return (Line::of(Role::Dim, nothing).wrap(width, 0), 0);
    }
    (lines, cursor)
}

fn some_rows(
    rows: &[Row<'_>],
    shown: impl Fn(usize) -> bool,
    cursor: Option<usize>,
    width: usize,
) -> (Vec<Line>, usize) {
    let names = rows.iter().map(|row| Line::from(row.name).width()).max().unwrap_or(0).min(width / 2);
    let mut lines = Vec::new();
    let mut cursor_line = 0;
    let mut chapter = None;
    for (index, row) in rows.iter().enumerate().filter(|(index, _)| shown(*index)) {
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
            let brings = brings(rows.iter().filter(|other| other.chapter == row.chapter));
            if !brings.is_empty() {
                lines.extend(Line::of(Role::Dim, format!("  with {}", brings.join(", "))).wrap(width, 7));
            }
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

/// The crates that these rows bring along, each once.
fn brings<'a>(rows: impl Iterator<Item = &'a Row<'a>>) -> Vec<&'a str> {
    let mut names = Vec::new();
    for Dependency { name, .. } in rows.flat_map(|row| row.brings) {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    names
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
    remarks.extend(row.question.map(str::to_owned));
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

/// A number with its noun: `1 hint`, `2 hints`.
#[must_use]
pub fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chapter_says_once_what_its_exercises_bring_along() {
        let crates =
            ["futures", "bytes"].map(|name| Dependency { name: name.to_owned(), spec: "\"1\"".to_owned() });
        let row = |chapter, name, brings| Row {
            chapter,
            name,
            question: None,
            core: true,
            badge: Badge::Pending,
            current: false,
            attempts: 0,
            hints: 0,
            brings,
        };
        let rows = [row("Time", "a", &[][..]), row("I/O", "b", &crates[..]), row("I/O", "c", &crates[1..])];
        let lines: Vec<String> = list(&rows, 60).iter().map(Line::text).collect();
        assert_eq!(lines.iter().filter(|line| line.contains("with ")).count(), 1, "{lines:?}");
        let at = lines.iter().position(|line| line.starts_with("I/O")).expect("the chapter is there");
        assert_eq!(lines[at + 1], "  with futures, bytes");
    }
}
