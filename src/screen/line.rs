//! A line of text whose parts have roles.

use unicode_width::UnicodeWidthStr;

use super::text;

/// What a piece of text is, not what it looks like: only `colour` turns a role into an appearance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// A heading, or a word that must be seen.
    Title,
    /// Ordinary text.
    Plain,
    /// Text that may be overlooked.
    Dim,
    /// It worked.
    Good,
    /// It did not.
    Bad,
    /// Worth a look.
    Warn,
    /// A key to press.
    Key,
    /// A file and line.
    Path,
    /// Source code, a name from it, or a command.
    Code,
    /// The compiler's frame around source code.
    Gutter,
    /// The row under the cursor of a list.
    Cursor,
}

/// A piece of text in one role. It holds no control character.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// What it is.
    pub role: Role,
    /// The text.
    pub text: String,
}

/// One line of the screen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Line {
    /// Its parts, left to right.
    pub spans: Vec<Span>,
}

impl Line {
    /// An empty line.
    #[must_use]
    pub fn blank() -> Self {
        Self::default()
    }

    /// A line in one role.
    #[must_use]
    pub fn of(role: Role, text: impl AsRef<str>) -> Self {
        Self::default().and(role, text)
    }

    /// This line with another part behind it. Control characters in `text` are removed.
    #[must_use]
    pub fn and(mut self, role: Role, text: impl AsRef<str>) -> Self {
        let text = text::one_line(text.as_ref());
        if !text.is_empty() {
            match self.spans.last_mut() {
                Some(last) if last.role == role => last.text.push_str(&text),
                _ => self.spans.push(Span { role, text }),
            }
        }
        self
    }

    /// This line with all of `other` behind it.
    #[must_use]
    pub fn join(self, other: Line) -> Self {
        other.spans.into_iter().fold(self, |line, span| line.and(span.role, span.text))
    }

    /// This line, `columns` further to the right.
    #[must_use]
    pub fn indent(self, columns: usize) -> Self {
        if self.spans.is_empty() { self } else { Self::of(Role::Plain, " ".repeat(columns)).join(self) }
    }

    /// Every part in one role.
    #[must_use]
    pub fn all(self, role: Role) -> Self {
        Self::of(role, self.text())
    }

    /// Its width in columns.
    #[must_use]
    pub fn width(&self) -> usize {
        self.spans.iter().map(|span| span.text.width()).sum()
    }

    /// Its text without roles.
    #[must_use]
    pub fn text(&self) -> String {
        self.spans.iter().map(|span| span.text.as_str()).collect()
    }

    /// This line with `right` at the right edge; `right` is left out when there is no room for it.
    #[must_use]
    pub fn flush_right(self, right: Line, width: usize) -> Self {
        let used = self.width() + right.width();
        if used + 2 > width {
            return self.cut(width);
        }
        self.and(Role::Plain, " ".repeat(width - used)).join(right)
    }

    /// At most `width` columns of this line; `…` stands for what is missing.
    #[must_use]
    pub fn cut(self, width: usize) -> Self {
        if self.width() <= width {
            return self;
        }
        let mut room = width.saturating_sub(1);
        let mut kept = Self::default();
        for span in self.spans {
            let head = text::head(&span.text, room);
            room -= head.width();
            let whole = head.len() == span.text.len();
            kept = kept.and(span.role, head);
            if !whole {
                break;
            }
        }
        if width == 0 { Self::default() } else { kept.and(Role::Dim, "…") }
    }
}

impl From<&str> for Line {
    fn from(text: &str) -> Self {
        Self::of(Role::Plain, text)
    }
}

impl From<String> for Line {
    fn from(text: String) -> Self {
        Self::of(Role::Plain, text)
    }
}
