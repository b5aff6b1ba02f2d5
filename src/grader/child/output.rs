//! What a process printed: capped to a head and a tail, and made harmless for terminals, logs and reports.

use std::collections::VecDeque;

use crate::verdict::{Omission, sanitize};

/// Bytes kept from the start, and as many from the end. Two screens' worth of text on each side.
const HALF: usize = 16 * 1024;

/// Collects output without keeping more than 32 KiB of it, however much there is.
#[derive(Debug, Default)]
pub(crate) struct Capped {
    head: Vec<u8>,
    tail: VecDeque<u8>,
    dropped: Omission,
}

impl Capped {
    /// Takes in the next bytes.
    pub(crate) fn push(&mut self, mut bytes: &[u8]) {
        let room = HALF - self.head.len();
        if room > 0 {
            let taken = room.min(bytes.len());
            self.head.extend_from_slice(&bytes[..taken]);
            bytes = &bytes[taken..];
        }
        if bytes.len() > HALF {
            self.dropped.count(&bytes[..bytes.len() - HALF]);
            bytes = &bytes[bytes.len() - HALF..];
        }
        let overflow = (self.tail.len() + bytes.len()).saturating_sub(HALF);
        let pushed_out: Vec<u8> = self.tail.drain(..overflow).collect();
        self.dropped.count(&pushed_out);
        self.tail.extend(bytes);
    }

    /// The text, with a line that says how much is missing where something is. It stands between whole lines, unless one
    /// line fills all there is.
    pub(crate) fn into_text(self) -> String {
        let Self { mut head, tail, mut dropped } = self;
        let mut tail: Vec<u8> = tail.into();
        if dropped.is_empty() {
            head.extend(tail);
            return sanitize(&String::from_utf8_lossy(&head));
        }
        if let Some(end) = head.iter().rposition(|byte| *byte == b'\n') {
            dropped.count(&head.split_off(end + 1));
        } else {
            head.push(b'\n');
        }
        if let Some(end) = tail.iter().position(|byte| *byte == b'\n').filter(|end| end + 1 < tail.len()) {
            dropped.count(&tail[..=end]);
            tail.drain(..=end);
        }
        let head = sanitize(&String::from_utf8_lossy(&head));
        let tail = sanitize(&String::from_utf8_lossy(&tail));
        format!("{head}{}\n{tail}", dropped.to_line())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn capped(pieces: &[&[u8]]) -> String {
        let mut capped = Capped::default();
        for piece in pieces {
            capped.push(piece);
        }
        capped.into_text()
    }

    #[test]
    fn short_output_is_whole() {
        assert_eq!(capped(&[b"one\n", b"two\n"]), "one\ntwo\n");
    }

    #[test]
    fn long_output_keeps_its_head_and_its_tail_and_says_what_is_missing() {
        let many = vec![b'x'; 100_000];
        let text = capped(&[b"start ", &many, b" end"]);
        assert!(text.starts_with("start xxx"));
        assert!(text.ends_with("xxx end"));
        assert!(
            text.contains(&format!("… {} bytes are left out here", 100_010 - 2 * HALF)),
            "{}",
            &text[HALF..HALF + 60]
        );
    }

    #[test]
    fn what_is_left_out_of_many_lines_is_counted_in_lines() {
        let mut capped = Capped::default();
        for line in 1..=100_000 {
            capped.push(format!("{line}\n").as_bytes());
        }
        let text = capped.into_text();
        let lines: Vec<&str> = text.lines().collect();
        let at = lines.iter().position(|line| line.starts_with('…')).expect("something is left out");
        let [before, after] = [lines[at - 1], lines[at + 1]].map(|line| line.parse::<u64>().expect("whole"));
        assert_eq!(lines[at], format!("… {} lines are left out here", after - before - 1));
    }

    #[test]
    fn a_flood_of_small_pieces_is_capped_too() {
        let mut capped = Capped::default();
        for _ in 0..100_000 {
            capped.push(b"y\n");
        }
        assert!(capped.into_text().len() < 2 * HALF + 64);
    }

    #[test]
    fn a_character_cut_by_the_cap_or_bad_utf8_is_replaced() {
        assert_eq!(capped(&[b"a\xffb"]), "a\u{fffd}b");
    }
}
