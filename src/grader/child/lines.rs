//! A stream of bytes as lines.

/// Splits a stream into lines.
#[derive(Debug, Default)]
pub(in crate::grader) struct Lines {
    rest: Vec<u8>,
}

/// A longer line is not a message that anyone waits for.
const MAX_LINE: usize = 8 << 20;

impl Lines {
    /// Takes in the next bytes and hands on every line that they complete.
    pub(in crate::grader) fn push(&mut self, bytes: &[u8], each: &mut dyn FnMut(&[u8])) {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            if self.rest.len() + piece.len() <= MAX_LINE {
                self.rest.extend_from_slice(piece);
            }
            if piece.ends_with(b"\n") {
                each(self.rest.strip_suffix(b"\n").unwrap_or(&self.rest));
                self.rest.clear();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_whole_however_they_are_cut() {
        let mut lines = Lines::default();
        let mut seen = Vec::new();
        for piece in ["on", "e\ntw", "o\n\nth"] {
            lines.push(piece.as_bytes(), &mut |line| seen.push(String::from_utf8_lossy(line).into_owned()));
        }
        assert_eq!(seen, ["one", "two", ""]);
    }
}
