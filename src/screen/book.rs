//! A chapter's page: its Markdown as lines. Diagrams keep their shape, whatever the width.

use pulldown_cmark::{Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd};
use unicode_width::UnicodeWidthStr;

use super::line::{Line, Role};
use super::table::Table;
use super::text::{head, one_line};

/// A page, and how it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BookView<'a> {
    /// The page, in Markdown.
    pub text: &'a str,
    /// By how many columns diagrams that are wider than the screen are moved to the left.
    pub shift: usize,
}

/// How far code stands in where there is room.
const CODE_INDENT: usize = 4;

/// The page for a screen: what is too wide of a diagram is cut off, and moved into view by `shift`.
#[must_use]
pub fn book(view: &BookView<'_>, width: usize) -> Vec<Line> {
    write(view.text, width, Some(view.shift))
}

/// The page as text that is read from its first line to its last, by whatever reads it: diagrams are whole, and what each
/// cell of a table is about is said beside it.
#[must_use]
pub(super) fn printed(text: &str, width: usize) -> Vec<Line> {
    write(text, width, None)
}

/// The largest [`BookView::shift`] that still moves anything.
#[must_use]
pub fn overhang(text: &str, width: usize) -> usize {
    let mut widest = 0;
    let mut inside = false;
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => inside = true,
            Event::End(TagEnd::CodeBlock) => inside = false,
            Event::Text(code) if inside => {
                widest = code.lines().map(|line| one_line(line).width()).fold(widest, usize::max);
            }
            _ => {}
        }
    }
    widest.saturating_sub(width)
}

fn write(text: &str, width: usize, shift: Option<usize>) -> Vec<Line> {
    let margin = usize::from(shift.is_some() && width >= 50);
    let room = width.saturating_sub(2 * margin).max(1);
    let mut writer = Writer {
        width,
        margin,
        room,
        shift,
        lines: Vec::new(),
        text: Line::blank(),
        strong: 0,
        lists: Vec::new(),
        mark: None,
        code: None,
        table: None,
        link: None,
    };
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        writer.take(event);
    }
    writer.flush();
    while writer.lines.last().is_some_and(|line| line.spans.is_empty()) {
        writer.lines.pop();
    }
    writer.lines
}

/// A list that is open.
struct List {
    /// The number of its next item, if they have numbers.
    next: Option<u64>,
    /// Where the text of its items begins.
    indent: usize,
}

struct Writer {
    /// Of the screen, for code; text keeps the margins.
    width: usize,
    margin: usize,
    /// Between the margins.
    room: usize,
    shift: Option<usize>,
    lines: Vec<Line>,
    /// What will be the next paragraph.
    text: Line,
    /// How many times it is strong.
    strong: usize,
    lists: Vec<List>,
    /// The sign or number of an item whose text comes next.
    mark: Option<String>,
    /// The code block that is open.
    code: Option<String>,
    table: Option<Table>,
    /// Where the link leads that is open; `None` for one that says so itself.
    link: Option<Option<String>>,
}

impl Writer {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => match &mut self.code {
                Some(code) => code.push_str(&text),
                None => {
                    let role = self.role();
                    self.push(role, &text);
                }
            },
            // Without colour the backquotes are all that sets code apart, so they stay.
            Event::Code(code) => self.push(Role::Code, &format!("`{code}`")),
            Event::SoftBreak => self.push(Role::Plain, " "),
            Event::HardBreak => self.flush(),
            Event::Rule => self.blank(),
            Event::Html(text) | Event::InlineHtml(text) => self.push(Role::Plain, &text),
            _ => {}
        }
    }

    fn role(&self) -> Role {
        if self.strong > 0 { Role::Title } else { Role::Plain }
    }

    fn push(&mut self, role: Role, text: &str) {
        self.text = std::mem::take(&mut self.text).and(role, text);
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Heading { .. } => {
                self.flush();
                self.blank();
                self.strong += 1;
            }
            Tag::CodeBlock(_) => {
                self.flush();
                self.blank();
                self.code = Some(String::new());
            }
            Tag::List(next) => {
                self.flush();
                let outer = self.lists.last().map_or(0, |list| list.indent);
                let mark = if next.is_some() { 3 } else { 2 };
                self.lists.push(List { next, indent: outer + mark });
            }
            Tag::Item => {
                self.flush();
                let mark = match self.lists.last_mut().and_then(|list| list.next.as_mut()) {
                    Some(number) => {
                        *number += 1;
                        format!("{}. ", *number - 1)
                    }
                    None => "- ".to_owned(),
                };
                self.mark = Some(mark);
            }
            Tag::Table(_) => {
                self.flush();
                self.blank();
                self.table = Some(Table::default());
            }
            Tag::TableHead | Tag::TableRow => {
                if let Some(table) = &mut self.table {
                    table.row();
                }
            }
            Tag::Strong => self.strong += 1,
            Tag::Emphasis => self.push(Role::Plain, "*"),
            Tag::Link { link_type, dest_url, .. } => {
                let shown = matches!(link_type, LinkType::Autolink | LinkType::Email);
                self.link = Some((!shown).then(|| dest_url.to_string()));
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(level) => {
                self.strong = self.strong.saturating_sub(1);
                let width = self.text.width().min(self.room);
                self.flush();
                // Headings are told from text without a colour, too; whoever listens to a page needs no line for that.
                let under = match level {
                    HeadingLevel::H1 => "═",
                    _ => "─",
                };
                if self.shift.is_some() {
                    self.lines.push(Line::of(Role::Dim, under.repeat(width)).indent(self.margin));
                }
                self.blank();
            }
            TagEnd::Paragraph => {
                self.flush();
                self.blank();
            }
            TagEnd::CodeBlock => {
                let code = self.code.take().unwrap_or_default();
                self.code_block(&code);
                self.blank();
            }
            TagEnd::List(_) => {
                self.flush();
                self.lists.pop();
                if self.lists.is_empty() {
                    self.blank();
                }
            }
            TagEnd::Item => {
                self.flush();
                self.mark = None;
            }
            TagEnd::TableCell => {
                let text = std::mem::take(&mut self.text);
                if let Some(table) = &mut self.table {
                    table.cell(text);
                }
            }
            TagEnd::Table => {
                let table = self.table.take().unwrap_or_default();
                let lines = match self.shift {
                    Some(_) => table.lines(self.room),
                    None => table.records(self.room),
                };
                let margin = self.margin;
                self.lines.extend(lines.into_iter().map(|line| line.indent(margin)));
                self.blank();
            }
            TagEnd::Strong => self.strong = self.strong.saturating_sub(1),
            TagEnd::Emphasis => self.push(Role::Plain, "*"),
            TagEnd::Link => {
                if let Some(Some(target)) = self.link.take() {
                    self.push(Role::Dim, &format!(" ({target})"));
                }
            }
            _ => {}
        }
    }

    /// Ends the paragraph, if there is one.
    fn flush(&mut self) {
        let text = std::mem::take(&mut self.text);
        if text.width() == 0 {
            return;
        }
        let indent = self.lists.last().map_or(0, |list| list.indent);
        let mark = self.mark.take().unwrap_or_default();
        let before = " ".repeat(indent.saturating_sub(mark.width()));
        let line = Line::of(Role::Plain, before + &mark).join(text);
        let margin = self.margin;
        self.lines.extend(line.wrap(self.room, indent).into_iter().map(|line| line.indent(margin)));
    }

    fn blank(&mut self) {
        if self.lines.last().is_some_and(|line| !line.spans.is_empty()) {
            self.lines.push(Line::blank());
        }
    }

    fn code_block(&mut self, code: &str) {
        let rows: Vec<String> = code.lines().map(|line| one_line(line).trim_end().to_owned()).collect();
        let widest = rows.iter().map(|row| row.width()).max().unwrap_or(0);
        let outer = self.lists.last().map_or(0, |list| list.indent);
        let indent = self.width.saturating_sub(widest).min(CODE_INDENT + outer);
        let shift = self.shift.map_or(0, |shift| shift.min(widest.saturating_sub(self.width)));
        for row in rows {
            let line = Line::of(Role::Code, behind(&row, shift)).indent(indent);
            self.lines.push(if self.shift.is_some() { line.cut(self.width) } else { line });
        }
    }
}

/// What is left of a row without its first columns.
fn behind(row: &str, columns: usize) -> &str {
    &row[head(row, columns).len()..]
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# Plans\n\nA *future* is\na **plan**: see [`Future`](https://a.b/c) and <https://d.e>.\n\n- one\n  more\n\
                        - two\n  - deep\n\n1. first\n2. second\n\n```text\n  a --> b\n        |\n```\n\n## Next\n\n    let x = f();\n";

    fn text(lines: &[Line]) -> String {
        lines.iter().map(|line| line.text() + "\n").collect()
    }

    #[test]
    fn headings_lists_code_and_links_are_text() {
        let shown = text(&book(&BookView { text: PAGE, shift: 0 }, 40));
        let expected = "\
Plans
═════

A *future* is a plan: see `Future`
(https://a.b/c) and https://d.e.

- one more
- two
  - deep

1. first
2. second

      a --> b
            |

Next
────

    let x = f();
";
        assert_eq!(shown, expected);
        let printed = text(&printed(PAGE, 40));
        assert!(!printed.contains('═') && printed.contains("      a --> b\n            |\n"), "{printed}");
    }

    #[test]
    fn diagrams_are_never_broken_and_can_be_moved_into_view() {
        let page = "```text\n0123456789abcdef\nshort\n```\n\nText that is broken where it is too long.\n";
        let at = |shift| text(&book(&BookView { text: page, shift }, 10));
        assert!(at(0).starts_with("012345678…\nshort\n"), "{}", at(0));
        assert!(at(4).starts_with("456789abc…\nt\n"), "{}", at(4));
        assert!(at(6).starts_with("6789abcdef\n\n"), "{}", at(6));
        assert_eq!(at(99), at(6), "not beyond its end");
        assert_eq!(overhang(page, 10), 6);
        assert_eq!(overhang(page, 80), 0);
        assert!(text(&printed(page, 10)).starts_with("0123456789abcdef\n"));
    }

    #[test]
    fn every_page_of_the_workbook_fits_and_keeps_its_diagrams() {
        let workbook = crate::workbook::Workbook::builtin().expect("the built-in workbook is good");
        for chapter in &workbook.chapters {
            for width in [24, 60, 80, 132] {
                let view = BookView { text: &chapter.readme, shift: 0 };
                let lines = book(&view, width);
                assert!(lines.iter().all(|line| line.width() <= width), "{} at {width}", chapter.id);
            }
            let whole = text(&book(&BookView { text: &chapter.readme, shift: 0 }, 132));
            let mut inside = false;
            for line in chapter.readme.lines() {
                if line.starts_with("```") {
                    inside = !inside;
                } else if inside {
                    assert!(whole.contains(line.trim_end()), "{}: {line}", chapter.id);
                }
            }
        }
    }
}
