//! Markdown as HTML, with what a search needs to know of it. What an author writes as HTML is shown as text.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use maud::{Markup, PreEscaped};
use pulldown_cmark::{Alignment, CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::rust::{escape, highlighted};
use crate::workbook::anchor_of;

/// So many letters of code in a line of text are never broken: they have room on a phone.
const LONG: usize = 28;

/// The ids of a page: each heading has one, and no two the same.
#[derive(Default)]
pub(super) struct Ids(BTreeSet<String>);

/// A text as HTML.
pub(super) struct Rendered {
    pub(super) html: Markup,
    /// The part in front of the first heading, if there is any, and the part of each heading.
    pub(super) sections: Vec<Section>,
}

/// A heading, and what stands below it up to the next one.
#[derive(Default)]
pub(super) struct Section {
    /// 1 for the title of a page; 0 in front of the first heading.
    pub(super) level: usize,
    /// The heading's id; empty in front of the first heading.
    pub(super) id: String,
    /// The heading as text.
    pub(super) title: String,
    /// Text, without its blocks of code.
    pub(super) text: String,
    /// Its blocks of code.
    pub(super) code: String,
}

/// Where a link leads, as the page has to say it; `None` where the book has nothing of the kind, and the link's words stand alone.
pub(super) type Links<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Renders a text, whose headings are `deeper` by so many levels.
pub(super) fn render(text: &str, deeper: usize, ids: &mut Ids, links: Links<'_>) -> Rendered {
    let mut writer = Writer::new(deeper, ids, links);
    for event in events(text) {
        writer.write(event);
    }
    let mut sections = writer.sections;
    sections
        .retain(|section| section.level > 0 || !section.text.trim().is_empty() || !section.code.is_empty());
    Rendered { html: PreEscaped(writer.out), sections }
}

/// The first paragraph of a text, without its links.
pub(super) fn lead(text: &str) -> Markup {
    let mut ids = Ids::default();
    let mut writer = Writer::new(0, &mut ids, &|_| None);
    let paragraph = events(text).skip_while(|event| !matches!(event, Event::Start(Tag::Paragraph)));
    for event in paragraph.take_while(|event| !matches!(event, Event::End(TagEnd::Paragraph))).skip(1) {
        writer.write(event);
    }
    PreEscaped(writer.out)
}

fn events(text: &str) -> Parser<'_> {
    Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH)
}

impl Ids {
    /// An id that nothing else on the page has. GitHub and editors find headings by it: small letters, hyphens for spaces, no
    /// other signs, and a number where two headings are alike.
    fn of_heading(&mut self, title: &str) -> String {
        let plain = anchor_of(title);
        let mut id = plain.clone();
        let mut count = 0;
        while !self.0.insert(id.clone()) {
            count += 1;
            id = format!("{plain}-{count}");
        }
        id
    }
}

struct Writer<'a> {
    out: String,
    sections: Vec<Section>,
    deeper: usize,
    ids: &'a mut Ids,
    links: Links<'a>,
    /// Where the heading begins that is being written.
    heading: Option<usize>,
    /// The code that is being written, and whether it is Rust.
    code: Option<(String, bool)>,
    /// Whether each link that is open has an element.
    open: Vec<bool>,
    columns: Vec<Alignment>,
    column: usize,
    in_head: bool,
}

impl<'a> Writer<'a> {
    fn new(deeper: usize, ids: &'a mut Ids, links: Links<'a>) -> Self {
        Self {
            out: String::new(),
            sections: vec![Section::default()],
            deeper,
            ids,
            links,
            heading: None,
            code: None,
            open: Vec::new(),
            columns: Vec::new(),
            column: 0,
            in_head: false,
        }
    }

    fn write(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => match &mut self.code {
                Some((code, _)) => code.push_str(&text),
                None => self.text(&text),
            },
            Event::Code(text) => {
                let long = text.chars().count() > LONG;
                self.out.push_str(if long { "<code class=\"long\">" } else { "<code>" });
                self.text(&text);
                self.out.push_str("</code>");
            }
            Event::SoftBreak => self.text("\n"),
            Event::HardBreak => {
                self.out.push_str("<br>");
                self.text("\n");
            }
            Event::Rule => self.out.push_str("<hr>\n"),
            Event::Html(text) | Event::InlineHtml(text) => self.text(&text),
            // Extensions that are not asked for.
            Event::FootnoteReference(_)
            | Event::TaskListMarker(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_) => {}
        }
    }

    fn text(&mut self, text: &str) {
        escape(text, &mut self.out);
        let section = self.section();
        section.text.push_str(text);
    }

    fn section(&mut self) -> &mut Section {
        self.sections.last_mut().expect("there is one from the beginning")
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph => self.out.push_str("<p>"),
            Tag::Heading { .. } => {
                self.sections.push(Section::default());
                self.heading = Some(self.out.len());
            }
            Tag::BlockQuote(_) => self.out.push_str("<blockquote>\n"),
            Tag::CodeBlock(kind) => {
                let rust =
                    matches!(&kind, CodeBlockKind::Fenced(info) if info.split(',').next() == Some("rust"));
                self.code = Some((String::new(), rust));
            }
            Tag::List(None) => self.out.push_str("<ul>\n"),
            Tag::List(Some(1)) => self.out.push_str("<ol>\n"),
            Tag::List(Some(first)) => {
                writeln!(self.out, "<ol start=\"{first}\">").expect("a string takes everything");
            }
            Tag::Item => self.out.push_str("<li>"),
            Tag::Table(columns) => {
                self.columns = columns;
                self.out.push_str("<div class=\"scroll\"><table>\n");
            }
            Tag::TableHead => {
                self.in_head = true;
                self.column = 0;
                self.out.push_str("<thead><tr>");
            }
            Tag::TableRow => {
                self.column = 0;
                self.out.push_str("<tr>");
            }
            Tag::TableCell => {
                let element = if self.in_head { "th" } else { "td" };
                let class = match self.columns.get(self.column) {
                    Some(Alignment::Right) => " class=\"right\"",
                    Some(Alignment::Center) => " class=\"center\"",
                    _ => "",
                };
                write!(self.out, "<{element}{class}>").expect("a string takes everything");
            }
            Tag::Emphasis => self.out.push_str("<em>"),
            Tag::Strong => self.out.push_str("<strong>"),
            Tag::Strikethrough => self.out.push_str("<del>"),
            // A picture would need a file or a network: its words stand for it.
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => self.link(&dest_url),
            _ => {}
        }
    }

    fn link(&mut self, to: &str) {
        let target = (self.links)(to);
        self.open.push(target.is_some());
        if let Some(target) = target {
            self.out.push_str("<a href=\"");
            escape(&target, &mut self.out);
            self.out.push_str("\">");
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph => self.block("</p>\n"),
            TagEnd::Heading(level) => self.end_of_heading(level as usize),
            TagEnd::BlockQuote(_) => self.block("</blockquote>\n"),
            TagEnd::CodeBlock => self.end_of_code(),
            TagEnd::List(false) => self.block("</ul>\n"),
            TagEnd::List(true) => self.block("</ol>\n"),
            TagEnd::Item => self.block("</li>\n"),
            TagEnd::Table => self.block("</tbody></table></div>\n"),
            TagEnd::TableHead => {
                self.in_head = false;
                self.block("</tr></thead>\n<tbody>\n");
            }
            TagEnd::TableRow => self.block("</tr>\n"),
            TagEnd::TableCell => {
                self.column += 1;
                self.block(if self.in_head { "</th>" } else { "</td>" });
                let more = self.column < self.columns.len();
                self.section().text.push_str(if more { "– " } else { "" });
            }
            TagEnd::Emphasis => self.out.push_str("</em>"),
            TagEnd::Strong => self.out.push_str("</strong>"),
            TagEnd::Strikethrough => self.out.push_str("</del>"),
            TagEnd::Link | TagEnd::Image => {
                let has_element = self.open.pop() == Some(true);
                self.out.push_str(if has_element { "</a>" } else { "" });
            }
            _ => {}
        }
    }

    /// Ends something that keeps its words apart from those behind it.
    fn block(&mut self, markup: &str) {
        self.out.push_str(markup);
        self.section().text.push('\n');
    }

    fn end_of_heading(&mut self, level: usize) {
        let section = self.sections.last_mut().expect("there is one from the beginning");
        section.title = std::mem::take(&mut section.text);
        section.level = level + self.deeper;
        section.id = self.ids.of_heading(&section.title);
        let (id, element) = (&section.id, section.level.min(6));
        let from = self.heading.take().unwrap_or(self.out.len());
        // An id has no sign that HTML would read.
        self.out.insert_str(from, &format!("<h{element} id=\"{id}\">"));
        let here = format!("<a class=\"here\" href=\"#{id}\" aria-label=\"Link to this section\">#</a>");
        writeln!(self.out, " {here}</h{element}>").expect("a string takes everything");
    }

    fn end_of_code(&mut self) {
        let Some((code, rust)) = self.code.take() else { return };
        self.out.push_str(&listing(&code, rust));
        let section = self.section();
        section.code.push_str(&code);
        section.code.push('\n');
    }
}

/// A block of code, or a diagram, as it was written.
pub(super) fn listing(code: &str, rust: bool) -> String {
    let mut out = String::new();
    if rust {
        out.push_str("<pre class=\"rust\"><code>");
        out.push_str(&highlighted(code));
    } else {
        out.push_str("<pre><code>");
        escape(code, &mut out);
    }
    out.push_str("</code></pre>\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(text: &str) -> String {
        let links = |to: &str| to.starts_with("https:").then(|| to.to_owned());
        render(text, 0, &mut Ids::default(), &links).html.into_string()
    }

    #[test]
    fn an_authors_html_is_text() {
        let shown = html("a <b>c</b> &amp; `<i>`\n\n<script>x</script>\n\n```text\n<pre>\n```\n");
        assert_eq!(
            shown,
            "<p>a &lt;b&gt;c&lt;/b&gt; &amp; <code>&lt;i&gt;</code></p>\n\
             &lt;script&gt;x&lt;/script&gt;\n<pre><code>&lt;pre&gt;\n</code></pre>\n"
        );
    }

    #[test]
    fn links_lead_where_the_book_says_or_are_words() {
        assert_eq!(
            html("[a](https://x.y/?a&b) <https://z> [c](javascript:x) ![d *e*](f.png)"),
            "<p><a href=\"https://x.y/?a&amp;b\">a</a> <a href=\"https://z\">https://z</a> c d <em>e</em></p>\n"
        );
    }

    #[test]
    fn headings_have_ids_of_their_own_and_keep_what_is_below_them() {
        let text = "# The `a`\nIntro.\n\n## Two words!\nx\n```rust\nlet y;\n```\n## Two words?\n- z\n- w\n";
        let rendered = render(text, 1, &mut Ids::default(), &|_| None);
        let sections: Vec<_> = rendered
            .sections
            .iter()
            .map(|part| {
                (part.level, part.id.as_str(), part.title.as_str(), part.text.trim(), part.code.trim())
            })
            .collect();
        assert_eq!(
            sections,
            [
                (2, "the-a", "The a", "Intro.", ""),
                (3, "two-words", "Two words!", "x", "let y;"),
                (3, "two-words-1", "Two words?", "z\nw", "")
            ]
        );
        let html = rendered.html.into_string();
        assert!(html.starts_with("<h2 id=\"the-a\">The <code>a</code> <a class=\"here\""), "{html}");
        assert!(
            html.contains("<pre class=\"rust\"><code><span class=\"keyword\">let</span> y;\n</code></pre>")
        );
    }

    #[test]
    fn a_table_scrolls_in_itself() {
        assert_eq!(
            html("| a | b |\n|---|--:|\n| `x\\|y` | 1 |\n"),
            "<div class=\"scroll\"><table>\n<thead><tr><th>a</th><th class=\"right\">b</th></tr></thead>\n<tbody>\n\
             <tr><td><code>x|y</code></td><td class=\"right\">1</td></tr>\n</tbody></table></div>\n"
        );
    }

    #[test]
    fn what_a_search_shows_keeps_cells_apart() {
        let rendered = render("| a | b |\n|---|---|\n| `c` | d |\n", 0, &mut Ids::default(), &|_| None);
        let text: Vec<&str> = rendered.sections[0].text.split_whitespace().collect();
        assert_eq!(text.join(" "), "a – b c – d");
    }

    #[test]
    fn long_code_in_a_line_may_be_broken() {
        let long = "x".repeat(29);
        assert_eq!(html(&format!("`{long}`")), format!("<p><code class=\"long\">{long}</code></p>\n"));
    }

    #[test]
    fn the_lead_is_the_first_paragraph() {
        assert_eq!(
            lead("# T\n\n```text\nx\n```\n\nA [b](https://c) *d*.\n\nE.").into_string(),
            "A b <em>d</em>."
        );
        assert_eq!(lead("# T\n").into_string(), "");
    }
}
