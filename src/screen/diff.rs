//! A learner's text beside the reference solution.

use similar::{Algorithm, DiffOp, DiffTag, capture_diff_slices, group_diff_ops};

use super::line::{Line, Role};
use super::list::counted;
use super::markdown::markdown;
use super::text::hanging;

/// Lines that are the same and shown around those that are not.
const AROUND: usize = 3;

/// From this width on the two stand side by side: fifty columns hold most lines of code.
const SIDE_BY_SIDE: usize = 100;

/// What the reference has to say about itself, then what differs between `own` and `reference`: side by side where there is
/// room, else one below the other. First lines are text about the code: they are read, not compared.
#[must_use]
pub fn diff(own: &str, reference: &str, width: usize) -> Vec<Line> {
    let (own_header, old) = parts(own);
    let (header, new) = parts(reference);
    let mut lines = Vec::new();
    if !header.is_empty() && header != own_header {
        let text: String =
            header.iter().map(|line| format!("{}\n", line.strip_prefix(' ').unwrap_or(line))).collect();
        lines.extend(markdown(&text, width));
        lines.push(Line::blank());
    }
    let groups = group_diff_ops(capture_diff_slices(Algorithm::Patience, &old, &new), AROUND);
    if groups.is_empty() {
        let what = if lines.is_empty() { "Your file" } else { "Your code" };
        let same = format!("{what} equals the reference solution, line for line.");
        lines.extend(Line::of(Role::Good, same).wrap(width, 0));
        return lines;
    }
    let both = Pages { old, new, width };
    lines.extend(both.head());
    let mut shown = 0;
    for group in &groups {
        let start = group.first().map_or(0, |op| op.old_range().start);
        lines.extend(left_out(start.saturating_sub(shown), width));
        lines.extend(group.iter().flat_map(|op| both.lines(op)));
        shown = group.last().map_or(shown, |op| op.old_range().end);
    }
    lines.extend(left_out(both.old.len().saturating_sub(shown), width));
    lines
}

/// A file's first lines, without their `//!`, and its code.
fn parts(text: &str) -> (Vec<&str>, Vec<&str>) {
    let mut lines = text.lines().map(str::trim_end).peekable();
    let mut header = Vec::new();
    while let Some(line) = lines.peek().and_then(|line| line.strip_prefix("//!")) {
        header.push(line);
        lines.next();
    }
    // The empty line behind them belongs to them.
    let code = lines.skip_while(|line| !header.is_empty() && line.is_empty());
    (header.clone(), code.collect())
}

/// Both texts, and the room for them.
struct Pages<'a> {
    old: Vec<&'a str>,
    new: Vec<&'a str>,
    width: usize,
}

impl Pages<'_> {
    fn side_by_side(&self) -> bool {
        self.width >= SIDE_BY_SIDE
    }

    fn head(&self) -> Vec<Line> {
        if self.side_by_side() {
            let title = |text| [Line::of(Role::Title, text)];
            return self.pair(&title("Yours"), " │ ", &title("The reference"));
        }
        let line = Line::of(Role::Warn, "- yours").and(Role::Plain, "   ").and(Role::Good, "+ the reference");
        vec![line.cut(self.width), Line::blank()]
    }

    /// The lines of one piece.
    fn lines(&self, op: &DiffOp) -> Vec<Line> {
        let (old, new) = (&self.old[op.old_range()], &self.new[op.new_range()]);
        if op.tag() == DiffTag::Equal {
            return old.iter().flat_map(|line| self.equal(line)).collect();
        }
        if !self.side_by_side() {
            let marked = |role, sign: &'static str| {
                move |line: &&str| {
                    Line::of(role, format!("{sign} {line}")).wrap(self.width, hanging(line, 2, self.width))
                }
            };
            let own = old.iter().flat_map(marked(Role::Warn, "-"));
            return own.chain(new.iter().flat_map(marked(Role::Good, "+"))).collect();
        }
        let rows = 0..old.len().max(new.len());
        rows.flat_map(|row| {
            let sign = match (old.get(row), new.get(row)) {
                (Some(_), Some(_)) => " ≠ ",
                (Some(_), None) => " < ",
                _ => " > ",
            };
            let cell = |line: Option<&&str>, role| self.cell(line.copied().unwrap_or(""), role);
            self.pair(&cell(old.get(row), Role::Warn), sign, &cell(new.get(row), Role::Good))
        })
        .collect()
    }

    fn equal(&self, line: &str) -> Vec<Line> {
        if !self.side_by_side() {
            return Line::of(Role::Dim, line).indent(2).wrap(self.width, hanging(line, 2, self.width));
        }
        let cell = self.cell(line, Role::Dim);
        self.pair(&cell, " │ ", &cell)
    }

    /// A line of one side, on as many rows as it takes.
    fn cell(&self, line: &str, role: Role) -> Vec<Line> {
        Line::of(role, line).wrap(self.half(), hanging(line, 0, self.half()))
    }

    fn half(&self) -> usize {
        self.width.saturating_sub(3) / 2
    }

    /// Two cells side by side.
    fn pair(&self, left: &[Line], sign: &str, right: &[Line]) -> Vec<Line> {
        let rows = 0..left.len().max(right.len());
        rows.map(|row| {
            let left = left.get(row).cloned().unwrap_or_default();
            let gap = " ".repeat(self.half().saturating_sub(left.width()));
            left.and(Role::Plain, gap)
                .and(Role::Gutter, sign)
                .join(right.get(row).cloned().unwrap_or_default())
        })
        .collect()
    }
}

fn left_out(lines: usize, width: usize) -> Option<Line> {
    (lines > 0).then(|| Line::of(Role::Gutter, format!("⋯ {} unchanged", counted(lines, "line"))).cut(width))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(own: &str, reference: &str, width: usize) -> Vec<String> {
        diff(own, reference, width).iter().map(|line| line.text().trim_end().to_owned()).collect()
    }

    #[test]
    fn the_same_text_is_said_to_be_the_same_whatever_its_line_ends() {
        assert_eq!(
            shown("a\r\nb \r\n", "a\nb", 80),
            ["Your file equals the reference solution, line for line."]
        );
    }

    #[test]
    fn first_lines_are_read_and_not_compared() {
        let own = "//! What to\n//! do.\n\na\nb\n";
        let reference = "//! What to do.\n//!\n//! Why: it is `lazy`.\n\na\nx\n";
        let text = shown(own, reference, 60);
        assert_eq!(
            text,
            [
                "What to do.",
                "",
                "Why: it is `lazy`.",
                "",
                "- yours   + the reference",
                "",
                "  a",
                "- b",
                "+ x"
            ]
        );
        let alike = shown("//! What to\n\na\nx\n", reference, 60);
        assert_eq!(alike.last().unwrap(), "Your code equals the reference solution, line for line.");
        assert_eq!(shown(reference, reference, 60).len(), 1, "who has copied it has read it");
    }

    #[test]
    fn one_below_the_other_each_line_has_its_sign() {
        assert_eq!(
            shown("a\nb\nc\n", "a\nx\ny\nc\n", 60),
            ["- yours   + the reference", "", "  a", "- b", "+ x", "+ y", "  c"]
        );
    }

    #[test]
    fn side_by_side_the_sign_stands_between() {
        let lines = shown("a\nb\nc\n", "a\nx\ny\nc\n", 103);
        let row = |left: &str, sign: &str, right: &str| format!("{left:<50} {sign} {right}");
        assert_eq!(
            lines,
            [
                row("Yours", "│", "The reference"),
                row("a", "│", "a"),
                row("b", "≠", "x"),
                row("", ">", "y"),
                row("c", "│", "c")
            ]
        );
    }

    #[test]
    fn long_stretches_that_are_alike_are_left_out_and_counted() {
        let many: String = (0..20).map(|line| format!("{line}\n")).collect();
        let lines = shown(&format!("{many}mine\n{many}"), &format!("{many}{many}"), 60);
        assert_eq!(lines[2], "⋯ 17 lines unchanged");
        assert_eq!(lines[3..7], ["  17", "  18", "  19", "- mine"]);
        assert_eq!(lines.last().map(String::as_str), Some("⋯ 17 lines unchanged"));
    }

    #[test]
    fn no_line_is_wider_than_the_screen() {
        let long = format!("let x = {};\n", "f(y) + ".repeat(40));
        for width in [20, 40, 99, 100, 160] {
            assert!(diff(&long, "let x = 1;\n", width).iter().all(|line| line.width() <= width), "{width}");
        }
    }
}
