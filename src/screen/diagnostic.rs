//! The compiler's messages: its own text, with roles.

use crate::verdict::{Diagnostic, Level, sanitize};

use super::line::{Line, Role};
use super::markdown::inline;
use super::text::indent;

/// One message as rustc prints it.
pub(super) fn diagnostic(diagnostic: &Diagnostic, width: usize) -> Vec<Line> {
    let marks = level_role(diagnostic.level);
    let rendered = sanitize(&diagnostic.rendered);
    let text = if rendered.trim().is_empty() { first_line(diagnostic) } else { rendered };
    text.trim_end()
        .lines()
        .flat_map(|line| {
            let line = shorten_path(line.trim_end().replace('\t', "    "), width);
            rustc_line(&line, marks).wrap(width, hanging(&line))
        })
        .collect()
}

/// What the coach has to say about a message.
pub(super) fn coach(diagnostic: &Diagnostic, width: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    if let Some(coach) = &diagnostic.coach {
        lines.push(Line::blank());
        for (index, paragraph) in coach.lines().filter(|line| !line.trim().is_empty()).enumerate() {
            let lead = if index == 0 { "→ " } else { "  " };
            lines.extend(Line::of(Role::Title, lead).join(inline(paragraph, Role::Title)).wrap(width, 2));
        }
    }
    lines
}

/// `exercises/…/lazy_call.rs:12`
pub(super) fn place(diagnostic: &Diagnostic) -> Option<String> {
    diagnostic.place.as_ref().map(|place| format!("{}:{}", place.file, place.line))
}

fn first_line(diagnostic: &Diagnostic) -> String {
    let level = diagnostic.level.as_str();
    let code = diagnostic.code.as_ref().map(|code| format!("[{code}]")).unwrap_or_default();
    let place = place(diagnostic).map(|place| format!("\n --> {place}")).unwrap_or_default();
    format!("{level}{code}: {}{place}", diagnostic.message)
}

fn level_role(level: Level) -> Role {
    match level {
        Level::Error => Role::Bad,
        Level::Warning => Role::Warn,
        Level::Note => Role::Title,
    }
}

fn rustc_line(line: &str, marks: Role) -> Line {
    for (start, role) in
        [("error", Role::Bad), ("warning", Role::Warn), ("note", Role::Title), ("help", Role::Title)]
    {
        if line.strip_prefix(start).is_some_and(|rest| rest.starts_with([':', '['])) {
            let head = line.find(": ").map_or(line.len(), |colon| colon + 1);
            return Line::of(role, &line[..head]).and(Role::Title, &line[head..]);
        }
    }
    let body = line.trim_start();
    for arrow in ["--> ", "::: "] {
        if let Some(path) = body.strip_prefix(arrow) {
            let indent = &line[..line.len() - path.len()];
            return Line::of(Role::Gutter, indent).and(Role::Path, path);
        }
    }
    if let Some(note) = body.strip_prefix("= ") {
        let indent = &line[..line.len() - note.len()];
        return Line::of(Role::Gutter, indent).and(Role::Plain, note);
    }
    match gutter_end(line) {
        Some(end) => {
            let (gutter, source) = line.split_at(end);
            let underline = source.trim_start().starts_with(['^', '-', '~', '+', '|', '_']);
            Line::of(Role::Gutter, gutter).and(if underline { marks } else { Role::Plain }, source)
        }
        None => Line::of(Role::Plain, line),
    }
}

/// A place that is too wide loses its folders: the whole path stands above, and a broken one cannot be clicked.
fn shorten_path(line: String, width: usize) -> String {
    let arrow = line.trim_start().starts_with("-->") || line.trim_start().starts_with(":::");
    let indent = indent(&line);
    match line.rfind('/') {
        Some(slash) if arrow && line.chars().count() > width && slash > indent + 4 => {
            let arrow: String = line.chars().take(indent + 4).collect();
            format!("{arrow}…{}", &line[slash..])
        }
        _ => line,
    }
}

/// The end of `12 |` or of `   |`: line numbers and a bar.
fn gutter_end(line: &str) -> Option<usize> {
    let bar = line.find(['|', '+', '~', '-'])?;
    let before = &line[..bar];
    // A suggestion marks its lines with `+`, `~` or `-` in the bar's place, behind the number.
    let numbered = before.trim().bytes().all(|b| b.is_ascii_digit());
    let is_bar = line[bar..].starts_with('|') || !before.trim().is_empty();
    (numbered && before.ends_with(' ') && is_bar).then_some(bar + 1)
}

/// A message continues under its text, a line of source behind its gutter.
fn hanging(line: &str) -> usize {
    if let Some(end) = gutter_end(line) {
        return end + 3;
    }
    let indent = indent(line);
    if line.trim_start().starts_with("= ") { indent + 2 } else { indent }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roles(line: &str) -> Vec<(Role, String)> {
        rustc_line(line, Role::Bad).spans.into_iter().map(|span| (span.role, span.text)).collect()
    }

    #[test]
    fn each_kind_of_line_has_its_role() {
        assert_eq!(roles("error[E0728]: no")[0], (Role::Bad, "error[E0728]:".into()));
        assert_eq!(roles("warning: no")[0], (Role::Warn, "warning:".into()));
        assert_eq!(roles("  --> a.rs:1:2")[1], (Role::Path, "a.rs:1:2".into()));
        assert_eq!(roles("12 |     greet();")[0], (Role::Gutter, "12 |".into()));
        assert_eq!(roles("   |     ^^^^^ here")[1], (Role::Bad, "     ^^^^^ here".into()));
        assert_eq!(roles("   = note: why")[1], (Role::Plain, "note: why".into()));
        assert_eq!(roles("6 +     x.await")[0], (Role::Gutter, "6 +".into()));
        // Prose that starts like a level is prose.
        assert_eq!(roles("errors happen - often")[0].0, Role::Plain);
    }
}
