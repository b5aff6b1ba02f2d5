//! Widths, wrapping, and the removal of what a terminal would obey instead of show.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::verdict::sanitize;

use super::line::{Line, Role};

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
fn start_of(word: &str, width: usize) -> &str {
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

/// See [`Line::wrap`].
pub(super) fn wrap(line: Line, width: usize, hanging: usize) -> Vec<Line> {
    if line.width() <= width {
        return vec![shown(line)];
    }
    // A margin that leaves no room for words is no margin.
    let hanging = if hanging + 8 > width { 0 } else { hanging };
    let mut done = Vec::new();
    let mut current = Line::blank();
    let mut used = 0;
    let mut words_here = false;
    let all: Vec<(Role, &str)> =
        line.spans.iter().flat_map(|span| pieces(&span.text).map(|piece| (span.role, piece))).collect();
    for (index, &(role, piece)) in all.iter().enumerate() {
        let is_space = piece.starts_with(' ');
        // A comma behind code stays with it: a word ends at a space, not where its role does.
        let behind = all[index..].iter().take_while(|(_, piece)| !piece.starts_with(' '));
        let word: usize = behind.map(|(_, piece)| piece.width()).sum();
        let inside = index > 0 && !is_space && !all[index - 1].1.starts_with(' ');
        if used + word > width && words_here && !inside && !is_space {
            done.push(std::mem::take(&mut current));
            current = Line::of(Role::Plain, " ".repeat(hanging));
            used = hanging;
            words_here = false;
        }
        if is_space && !words_here && !done.is_empty() {
            continue; // the space at which the line was broken
        }
        let mut rest = piece;
        while used + rest.width() > width && !rest.is_empty() {
            let mut part = start_of(rest, width.saturating_sub(used));
            if part.is_empty() && used <= hanging {
                // Not even one character fits: show it all the same rather than loop.
                part = &rest[..rest.chars().next().map_or(rest.len(), char::len_utf8)];
            }
            let cut_space = is_space;
            current = current.and(role, part);
            rest = &rest[part.len()..];
            done.push(std::mem::take(&mut current));
            current = Line::of(Role::Plain, " ".repeat(hanging));
            used = hanging;
            words_here = false;
            if cut_space {
                rest = "";
            }
        }
        if !rest.is_empty() {
            current = current.and(role, rest);
            used += rest.width();
            words_here |= !is_space;
        }
    }
    if words_here {
        done.push(current);
    }
    done.into_iter().map(trim_end).map(shown).collect()
}

/// A no-break space has held words together until here; on the screen it is a space.
fn shown(mut line: Line) -> Line {
    for span in &mut line.spans {
        if span.text.contains(NO_BREAK) {
            span.text = span.text.replace(NO_BREAK, " ");
        }
    }
    line
}

/// Words and the runs of spaces between them.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let is_space = rest.chars().next()? == ' ';
        let end = rest.find(|c: char| (c == ' ') != is_space).unwrap_or(rest.len());
        let (piece, tail) = rest.split_at(end);
        rest = tail;
        Some(piece)
    })
}

fn trim_end(mut line: Line) -> Line {
    while let Some(last) = line.spans.last_mut() {
        let kept = last.text.trim_end_matches(' ').len();
        last.text.truncate(kept);
        if kept > 0 {
            break;
        }
        line.spans.pop();
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrapped(text: &str, width: usize, hanging: usize) -> Vec<String> {
        Line::from(text).wrap(width, hanging).iter().map(Line::text).collect()
    }

    #[test]
    fn lines_break_at_spaces_and_keep_their_indent() {
        assert_eq!(wrapped("  one two three", 10, 2), ["  one two", "  three"]);
        assert_eq!(wrapped("short", 9, 2), ["short"]);
        assert_eq!(wrapped("one two   three", 9, 0), ["one two", "three"]);
    }

    #[test]
    fn a_word_wider_than_the_line_is_broken_anywhere() {
        assert_eq!(wrapped("abcdefghij", 4, 0), ["abcd", "efgh", "ij"]);
        assert_eq!(wrapped("ab cdefghij", 4, 0), ["ab", "cdef", "ghij"]);
        // Two columns each: a character that does not fit goes to the next line whole.
        assert_eq!(wrapped("日本語日", 5, 0), ["日本", "語日"]);
        assert_eq!(wrapped("日本", 1, 0), ["日", "本"]);
    }

    #[test]
    fn code_that_is_wider_than_the_line_is_broken_behind_punctuation() {
        assert_eq!(
            wrapped("std::thread::sleep(Duration::from_secs(10));", 36, 2),
            ["std::thread::sleep(", "  Duration::from_secs(10));"]
        );
        assert_eq!(
            wrapped("let rt = Builder::new_current_thread().build()?;", 36, 2),
            ["let rt =", "  Builder::new_current_thread()", "  .build()?;"]
        );
        assert_eq!(
            wrapped("Arc<Mutex<HashMap<String,Vec<u8>>>>", 20, 2),
            ["Arc<Mutex<HashMap<", "  String,Vec<u8>>>>"]
        );
        assert_eq!(
            wrapped("tokio::sync::mpsc::channel::<u8>", 26, 2),
            ["tokio::sync::mpsc::", "  channel::<u8>"]
        );
        assert_eq!(
            wrapped("exercises/01_inert_plans/lazy_call.rs", 26, 2),
            ["exercises/01_inert_plans/", "  lazy_call.rs"]
        );
    }

    #[test]
    fn a_word_of_several_roles_stays_in_one_piece() {
        let line = Line::of(Role::Plain, "poll of ").and(Role::Code, "`Both`").and(Role::Plain, ", while B");
        let lines = line.wrap(14, 2);
        assert_eq!(lines.iter().map(Line::text).collect::<Vec<_>>(), ["poll of", "  `Both`,", "  while B"]);
        assert_eq!(lines[1].spans[1].role, Role::Code);
    }

    #[test]
    fn a_no_break_space_holds_and_is_shown_as_a_space() {
        assert_eq!(wrapped("All pass. 0.96\u{a0}s", 14, 2), ["All pass.", "  0.96 s"]);
        assert_eq!(wrapped("0.96\u{a0}s", 14, 2), ["0.96 s"]);
    }

    #[test]
    fn roles_survive_a_break() {
        let line = Line::of(Role::Bad, "error: ").and(Role::Code, "some longer code");
        let lines = line.wrap(12, 0);
        assert_eq!(lines[0].spans[0].role, Role::Bad);
        assert!(lines[1..].iter().all(|line| line.spans.iter().all(|span| span.role == Role::Code)));
    }

    #[test]
    fn wrapping_never_makes_a_line_too_wide_and_loses_no_word() {
        let text =
            "the quick `brown` fox-jumps over_the lazy dog, twice: 日本語 and a_very_long_identifier_indeed";
        for width in 2..100 {
            for hanging in [0, 2, 6] {
                let lines = wrapped(text, width, hanging);
                assert!(lines.iter().all(|line| line.width() <= width), "{width}: {lines:#?}");
                let letters = |s: &str| s.chars().filter(|c| *c != ' ').collect::<String>();
                assert_eq!(letters(&lines.concat()), letters(text), "{width}");
            }
        }
    }

    #[test]
    fn cutting_says_that_something_is_missing() {
        assert_eq!(Line::from("abcdef").cut(4).text(), "abc…");
        assert_eq!(Line::from("abcd").cut(4).text(), "abcd");
        assert_eq!(Line::from("日本語").cut(4).text(), "日…");
        assert_eq!(Line::from("abc").cut(0).text(), "");
    }
}
