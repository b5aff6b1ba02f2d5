//! Widths and places to break at, and the removal of what a terminal would obey instead of show.

use unicode_width::UnicodeWidthChar;

use crate::verdict::sanitize;

/// Stands for a space at which a line must not be broken.
pub(super) const NO_BREAK: char = '\u{a0}';

/// `text` as part of one line: clean, tabs as four spaces, line feeds as one.
pub(super) fn one_line(text: &str) -> String {
    sanitize(text).replace('\t', "    ").replace('\n', " ")
}

/// The longest start of `text` that fits into `width` columns.
pub(super) fn head(text: &str, width: usize) -> &str {
    let mut used = 0;
    for (index, c) in text.char_indices() {
        used += c.width().unwrap_or(0);
        if used > width {
            return &text[..index];
        }
    }
    text
}

/// The start of `word`, which is wider than `width` columns, that stands before a break: code is broken where it reads on,
/// and within a path only if there is no other place.
pub(super) fn start_of(word: &str, width: usize) -> &str {
    let most = head(word, width);
    let last = |is_seam: fn(&str, &str) -> bool| {
        let ends = most.char_indices().map(|(at, c)| at + c.len_utf8());
        ends.rev().find(|&end| is_seam(&word[..end], &word[end..]))
    };
    let behind_a_module = |before: &str, behind: &str| before.ends_with("::") && reads_on(behind);
    &most[..last(is_seam).or_else(|| last(behind_a_module)).unwrap_or(most.len())]
}

/// Whether code can be broken between these two: behind what opens or separates, or before the dot of a further call.
fn is_seam(before: &str, behind: &str) -> bool {
    let parted = before.ends_with(['(', '[', '{', '<', ',', ';', '/', '=']) && reads_on(behind);
    let called = before.ends_with([')', ']', '}', '?']) && behind.starts_with('.');
    parted || called
}

/// Whether something starts here that can start a line; the rest of `=>` or of `()` cannot.
fn reads_on(behind: &str) -> bool {
    behind.starts_with(|c: char| c.is_alphanumeric() || "_\"'&*".contains(c))
}

/// How many columns of spaces a line starts with.
pub(super) fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// How far in a line of code that stands at `margin` goes on behind a break: deeper than it starts, and never beyond the
/// middle.
pub(super) fn hanging(code: &str, margin: usize, width: usize) -> usize {
    (margin + indent(code) + 2).min(width / 2)
}

/// Words and the runs of spaces between them.
pub(super) fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let is_space = rest.chars().next()? == ' ';
        let end = rest.find(|c: char| (c == ' ') != is_space).unwrap_or(rest.len());
        let (piece, tail) = rest.split_at(end);
        rest = tail;
        Some(piece)
    })
}
