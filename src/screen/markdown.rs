//! The little Markdown that authors use, as lines.

use super::line::{Line, Role};
use super::text::hanging;

/// Headings, paragraphs, lists, code (fenced, indented by four, or in backquotes); anything else is shown as it was
/// written.
#[must_use]
pub fn markdown(text: &str, width: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut paragraph = String::new();
    let mut fenced = false;
    let mut after_code = false;
    for raw in text.trim_matches('\n').lines() {
        let trimmed = raw.trim();
        if trimmed.starts_with("```") {
            flush(&mut paragraph, width, &mut lines);
            fenced = !fenced;
            after_code = !fenced;
            // Text directly above or below code would look like a line of it.
            if fenced && lines.last().is_some_and(|line| !line.spans.is_empty()) {
                lines.push(Line::blank());
            }
            continue;
        }
        if std::mem::take(&mut after_code) && !trimmed.is_empty() {
            lines.push(Line::blank());
        }
        let indented = raw.strip_prefix("    ").filter(|_| paragraph.is_empty());
        if fenced {
            lines.extend(code(raw, width));
        } else if let Some(raw) = indented.filter(|_| !trimmed.is_empty()) {
            lines.extend(code(raw, width));
        } else if trimmed.is_empty() {
            flush(&mut paragraph, width, &mut lines);
            if lines.last().is_some_and(|line| !line.spans.is_empty()) {
                lines.push(Line::blank());
            }
        } else if let Some(title) = heading(trimmed) {
            flush(&mut paragraph, width, &mut lines);
            lines.extend(Line::of(Role::Title, title).wrap(width, 0));
        } else if item_indent(trimmed) > 0 {
            flush(&mut paragraph, width, &mut lines);
            paragraph.push_str(trimmed);
        } else {
            if !paragraph.is_empty() {
                paragraph.push(' ');
            }
            paragraph.push_str(trimmed);
        }
    }
    flush(&mut paragraph, width, &mut lines);
    lines
}

/// One line's text with the parts in backquotes as code and the parts in double asterisks as titles.
pub(super) fn inline(text: &str, role: Role) -> Line {
    let mut line = Line::blank();
    let mut rest = text;
    while let Some(start) = rest.find(['`', '*']) {
        let (before, marked) = rest.split_at(start);
        line = line.and(role, before);
        let (mark, inner) = if marked.starts_with('`') { ("`", Role::Code) } else { ("**", Role::Title) };
        let end = marked.strip_prefix(mark).and_then(|inside| inside.find(mark).map(|end| (inside, end)));
        if let Some((inside, end)) = end {
            // Without colour the backquotes are all that sets code apart, so they stay.
            let shown = if inner == Role::Code { &marked[..end + 2] } else { &inside[..end] };
            line = line.and(inner, shown);
            rest = &inside[end + mark.len()..];
        } else {
            let step = marked.chars().next().map_or(marked.len(), char::len_utf8);
            line = line.and(role, &marked[..step]);
            rest = &marked[step..];
        }
    }
    line.and(role, rest)
}

fn code(line: &str, width: usize) -> Vec<Line> {
    Line::of(Role::Code, line.trim_end()).indent(4).wrap(width, hanging(line, 4, width))
}

fn flush(paragraph: &mut String, width: usize, lines: &mut Vec<Line>) {
    if !paragraph.is_empty() {
        let hanging = item_indent(paragraph);
        lines.extend(inline(paragraph, Role::Plain).wrap(width, hanging));
        paragraph.clear();
    }
}

fn heading(line: &str) -> Option<&str> {
    let title = line.trim_start_matches('#');
    (title.len() < line.len()).then(|| title.strip_prefix(' ')).flatten()
}

/// How far the text of a list's item is indented by its `- ` or `1. `; 0 for any other line.
fn item_indent(line: &str) -> usize {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    if line.starts_with("- ") || line.starts_with("* ") {
        2
    } else if digits > 0 && line[digits..].starts_with(". ") {
        digits + 2
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, width: usize) -> Vec<String> {
        markdown(text, width).iter().map(Line::text).collect()
    }

    #[test]
    fn paragraphs_are_filled_and_code_is_not() {
        let text = "# Plans\nA future is\na plan.\n\n- one thing that is long\n- two\n1. first that is long\n\n```rust\nlet x = f();\nx.await\n```\n";
        assert_eq!(
            shown(text, 16),
            [
                "Plans",
                "A future is a",
                "plan.",
                "",
                "- one thing that",
                "  is long",
                "- two",
                "1. first that is",
                "   long",
                "",
                "    let x = f();",
                "    x.await"
            ]
        );
    }

    #[test]
    fn code_may_be_indented_and_text_keeps_away_from_a_fence() {
        assert_eq!(
            shown("It is:\n\n    async fn f() {\n        g().await\n    }\n\nWritten\nby hand.", 30),
            ["It is:", "", "    async fn f() {", "        g().await", "    }", "", "Written by hand."]
        );
        assert_eq!(shown("It is:\n```\nf()\n```\nWhy?", 30), ["It is:", "", "    f()", "", "Why?"]);
        assert_eq!(shown("- one\n    and more", 30), ["- one and more"]);
    }

    #[test]
    fn unclosed_marks_are_text() {
        let line = inline("a * b, `open and **bold** `code`", Role::Plain);
        assert_eq!(line.text(), "a * b, `open and **bold** `code`");
        let line = inline("see `x.await` **now**", Role::Plain);
        assert_eq!(line.text(), "see `x.await` now");
        assert_eq!(line.spans[1].role, Role::Code);
        assert_eq!(line.spans[3].role, Role::Title);
    }
}
