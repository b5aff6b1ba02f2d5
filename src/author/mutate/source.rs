//! A text that is changed at the spans of its syntax, so that comments and layout stay.

use std::ops::Range;

use syn::spanned::Spanned;

use super::Operator;
use super::helpers::Helpers;

/// One change of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edit {
    pub(super) operator: Operator,
    /// What is replaced, and by what; the first one is where it matters.
    pub(super) pieces: Vec<Piece>,
    /// What the new text calls.
    pub(super) helpers: Option<Helpers>,
}

/// A place of a text, and what comes there.
pub(super) type Piece = (Range<usize>, String);

impl Edit {
    /// Its pieces in the order of the text.
    pub(super) fn in_order(&self) -> Vec<&Piece> {
        let mut pieces: Vec<&Piece> = self.pieces.iter().collect();
        pieces.sort_by_key(|(range, _)| (range.start, range.end));
        pieces
    }
}

/// The text of a solution, and the changes found so far.
pub(super) struct Draft<'s> {
    source: &'s str,
    edits: Vec<Edit>,
}

impl<'s> Draft<'s> {
    pub(super) fn new(source: &'s str) -> Self {
        Self { source, edits: Vec::new() }
    }

    /// The text of a node.
    pub(super) fn of(&self, node: &impl Spanned) -> &'s str {
        &self.source[range(node)]
    }

    pub(super) fn at(&self, range: Range<usize>) -> &'s str {
        &self.source[range]
    }

    /// Notes a change.
    pub(super) fn replace(&mut self, operator: Operator, range: Range<usize>, text: impl Into<String>) {
        self.change(operator, vec![(range, text.into())], None);
    }

    /// Notes a change whose text calls functions of `helpers`.
    pub(super) fn help(
        &mut self,
        operator: Operator,
        range: Range<usize>,
        text: impl Into<String>,
        helpers: Helpers,
    ) {
        self.change(operator, vec![(range, text.into())], Some(helpers));
    }

    /// Notes a change in several places.
    pub(super) fn change(&mut self, operator: Operator, pieces: Vec<Piece>, helpers: Option<Helpers>) {
        self.edits.push(Edit { operator, pieces, helpers });
    }

    /// Notes a call of a function of `helpers` in place of what was there.
    pub(super) fn call(
        &mut self,
        operator: Operator,
        range: Range<usize>,
        helpers: Helpers,
        function: &str,
        arguments: &str,
    ) {
        self.help(operator, range, helpers.call(function, arguments), helpers);
    }

    /// Notes a deletion together with the blanks behind.
    pub(super) fn delete_word(&mut self, operator: Operator, range: Range<usize>) {
        let rest = &self.source[range.end..];
        let blanks = rest.len() - rest.trim_start().len();
        self.replace(operator, range.start..range.end + blanks, "");
    }

    /// Notes a deletion; lines that would be left empty go with it.
    pub(super) fn delete_lines(&mut self, operator: Operator, range: Range<usize>) {
        let lines = self.with_lines(range);
        self.replace(operator, lines, "");
    }

    /// A range with the lines that would be left empty without it.
    pub(super) fn with_lines(&self, range: Range<usize>) -> Range<usize> {
        let start = self.source[..range.start].rfind('\n').map_or(0, |at| at + 1);
        let end = self.source[range.end..].find('\n').map_or(self.source.len(), |at| range.end + at + 1);
        let alone = self.source[start..range.start].trim().is_empty()
            && self.source[range.end..end].trim().is_empty();
        if alone { start..end } else { range }
    }

    /// Takes the changes noted so far.
    pub(super) fn take(&mut self) -> Vec<Edit> {
        std::mem::take(&mut self.edits)
    }
}

/// Where a node is.
pub(super) fn range(node: &impl Spanned) -> Range<usize> {
    node.span().byte_range()
}

/// The whole lines that a range touches, without the last line end.
pub(super) fn lines_of(text: &str, range: &Range<usize>) -> Range<usize> {
    let start = text[..range.start].rfind('\n').map_or(0, |at| at + 1);
    // A range that ends with a line does not touch the next one.
    let last = if text[..range.end].ends_with('\n') { range.end - 1 } else { range.end };
    let last = last.max(range.start);
    start..text[last..].find('\n').map_or(text.len(), |at| last + at)
}

/// A text without comments on lines of their own, indentation and line ends.
pub(super) fn as_one_line(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    lines.collect::<Vec<_>>().join(" ")
}
