//! What a process printed: capped to a head and a tail, and made harmless for terminals, logs and reports.

use std::collections::VecDeque;

use crate::verdict::sanitize;

/// Bytes kept from the start, and as many from the end. Two screens' worth of text on each side.
const HALF: usize = 16 * 1024;

/// Collects output without keeping more than 32 KiB of it, however much there is.
#[derive(Debug, Default)]
pub(crate) struct Capped {
    head: Vec<u8>,
    tail: VecDeque<u8>,
    dropped: u64,
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
            self.dropped += (bytes.len() - HALF) as u64;
            bytes = &bytes[bytes.len() - HALF..];
        }
        let overflow = (self.tail.len() + bytes.len()).saturating_sub(HALF);
        self.tail.drain(..overflow);
        self.dropped += overflow as u64;
        self.tail.extend(bytes);
    }

    /// The text, with a line that says how much is missing where something is.
    pub(crate) fn into_text(self) -> String {
        let tail: Vec<u8> = self.tail.into();
        if self.dropped == 0 {
            let mut all = self.head;
            all.extend(tail);
            return sanitize(&String::from_utf8_lossy(&all));
        }
        let head = sanitize(&String::from_utf8_lossy(&self.head));
        let tail = sanitize(&String::from_utf8_lossy(&tail));
        format!("{head}\n… {} bytes left out …\n{tail}", self.dropped)
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
            text.contains(&format!("… {} bytes left out …", 100_010 - 2 * HALF)),
            "{}",
            &text[HALF..HALF + 60]
        );
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
