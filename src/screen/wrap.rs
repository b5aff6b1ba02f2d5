//! Lines, broken where they read on.

use unicode_width::UnicodeWidthStr;

use super::line::{Line, Role};
use super::text::{NO_BREAK, pieces, start_of};

impl Line {
    /// This line, broken at spaces so that no part is wider than `width`. Leading spaces stay; what follows a break
    /// starts `hanging` columns in. A word that is too wide is broken behind its punctuation, or else anywhere. A no-break
    /// space is no place to break at.
    #[must_use]
    pub fn wrap(self, width: usize, hanging: usize) -> Vec<Line> {
        wrap(self, width, hanging)
    }
}

fn wrap(line: Line, width: usize, hanging: usize) -> Vec<Line> {
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
