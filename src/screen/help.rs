//! Every key, and what it does.

use super::line::{Line, Role};

/// One key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyHelp {
    /// What to press.
    pub key: &'static str,
    /// One or two words, for the line of keys.
    pub short: &'static str,
    /// A sentence, for the page of keys.
    pub long: &'static str,
}

/// The page of keys.
#[must_use]
pub fn help(keys: &[KeyHelp], width: usize) -> Vec<Line> {
    let mut lines = vec![Line::of(Role::Title, "Keys"), Line::blank()];
    let column = keys.iter().map(|key| Line::from(key.key).width()).max().unwrap_or(0) + 3;
    for KeyHelp { key, long, .. } in keys {
        let line = Line::of(Role::Key, format!(" {key}"));
        let gap = " ".repeat((column + 1).saturating_sub(line.width()));
        lines.extend(line.and(Role::Plain, gap).and(Role::Plain, long).wrap(width, column + 1));
    }
    lines.push(Line::blank());
    let about = "Edit the file in your own editor. Every save is graded at once. If you save while a grading runs, \
                 it stops, and the newer text is graded.";
    lines.extend(Line::of(Role::Dim, about).wrap(width, 0));
    lines
}

/// `n next  h hint  q quit`, on as many lines as it takes.
pub(super) fn key_line(keys: &[KeyHelp], width: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut line = Line::blank();
    for KeyHelp { key, short, .. } in keys {
        let one = Line::of(Role::Key, *key).and(Role::Plain, format!(" {short}"));
        if line.width() > 0 && line.width() + 2 + one.width() > width {
            lines.push(std::mem::take(&mut line));
        }
        if line.width() > 0 {
            line = line.and(Role::Plain, "  ");
        }
        line = line.join(one);
    }
    lines.push(line.cut(width));
    lines
}
