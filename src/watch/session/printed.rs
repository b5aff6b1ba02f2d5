//! What a program has printed: as lines, harmless, and never more than a few megabytes of it.

use std::borrow::Cow;
use std::collections::VecDeque;

use crate::verdict::sanitize;

/// Lines that are kept; a screen shows some fifty.
const MOST_LINES: usize = 2_000;

/// Bytes after which a line is broken, so that a program that prints no line feed cannot fill the memory.
const LONGEST: usize = 4_096;

/// Lines of output. Bytes become text only when their line is complete: a character or an escape sequence may come in
/// two pieces.
#[derive(Debug, Default)]
pub(super) struct Printed {
    lines: VecDeque<String>,
    open: Vec<u8>,
    left_out: usize,
}

impl Printed {
    /// Takes in the next bytes.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            if byte != b'\n' {
                self.open.push(byte);
            }
            if byte == b'\n' || self.open.len() == LONGEST {
                let line = text(&std::mem::take(&mut self.open));
                self.lines.extend(line.split('\n').map(str::to_owned));
            }
        }
        let surplus = self.lines.len().saturating_sub(MOST_LINES);
        self.lines.drain(..surplus);
        self.left_out += surplus;
    }

    /// The lines, the unfinished one among them.
    pub(super) fn lines(&self) -> Vec<Cow<'_, str>> {
        let mut lines: Vec<Cow<'_, str>> = self.lines.iter().map(|line| line.as_str().into()).collect();
        if !self.open.is_empty() {
            lines.extend(text(&self.open).split('\n').map(|line| Cow::Owned(line.to_owned())));
        }
        lines
    }

    /// Whether the last line is unfinished.
    pub(super) fn is_open(&self) -> bool {
        !self.open.is_empty()
    }

    /// How many of the first lines are no longer kept.
    pub(super) fn left_out(&self) -> usize {
        self.left_out
    }
}

/// A carriage return at the end of a line belongs to its end; elsewhere it starts another line.
fn text(bytes: &[u8]) -> String {
    sanitize(String::from_utf8_lossy(bytes).trim_end_matches('\r'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(pieces: &[&[u8]]) -> Printed {
        let mut printed = Printed::default();
        pieces.iter().for_each(|piece| printed.push(piece));
        printed
    }

    #[test]
    fn characters_and_escapes_in_two_pieces_are_whole() {
        let printed = printed(&[b"caf\xc3", b"\xa9\r\n\x1b[3", b"1mred\x1b[0m\n", b"open"]);
        assert_eq!(printed.lines(), ["café", "red", "open"]);
    }

    #[test]
    fn an_empty_line_is_a_line_and_a_lone_carriage_return_starts_one() {
        assert_eq!(printed(&[b"a\n\nb\n"]).lines(), ["a", "", "b"]);
        assert_eq!(printed(&[b"10%\r20%\n"]).lines(), ["10%", "20%"]);
    }

    #[test]
    fn a_flood_keeps_its_newest_lines_and_counts_the_others() {
        let mut printed = Printed::default();
        for line in 0..MOST_LINES + 5 {
            printed.push(format!("{line}\n").as_bytes());
        }
        assert_eq!((printed.lines().len(), printed.left_out()), (MOST_LINES, 5));
        assert_eq!(printed.lines()[0], "5");
    }

    #[test]
    fn a_line_without_an_end_is_broken() {
        let lines = printed(&[&[b'x'; 3 * LONGEST + 1]]).lines().len();
        assert_eq!(lines, 4);
    }
}
