//! What was left out of a long output, as a line of its own that can be read again: whoever shortens the text once more
//! adds to the count.

/// How much was left out in one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Omission {
    lines: u64,
    bytes: u64,
}

const LINES: &str = " lines are left out here";
const LINE: &str = " line is left out here";
const BYTES: &str = " bytes are left out here";

impl Omission {
    /// So many lines.
    #[must_use]
    pub fn of_lines(lines: u64) -> Self {
        Self { lines, bytes: 0 }
    }

    /// Adds what is left out as well.
    pub fn count(&mut self, more: &[u8]) {
        self.lines += more.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.bytes += more.len() as u64;
    }

    /// Whether all is there.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }

    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { lines: self.lines + other.lines, bytes: self.bytes + other.bytes }
    }

    /// For people: in lines, where there are any.
    #[must_use]
    pub fn to_line(self) -> String {
        match self {
            Self { lines: 0, bytes } => format!("… {bytes}{BYTES}"),
            Self { lines: 1, .. } => format!("… 1{LINE}"),
            Self { lines, .. } => format!("… {lines}{LINES}"),
        }
    }

    /// What such a line says; `None` for every other line.
    #[must_use]
    pub fn read(line: &str) -> Option<Self> {
        let rest = line.trim_end().strip_prefix("… ")?;
        let lines = [LINES, LINE].iter().find_map(|unit| rest.strip_suffix(unit)?.parse().ok());
        let bytes = || rest.strip_suffix(BYTES)?.parse().ok().map(|bytes| Self { lines: 0, bytes });
        lines.map(Self::of_lines).or_else(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_can_be_read_again() {
        for omission in [Omission::of_lines(1), Omission::of_lines(70_000), Omission { lines: 0, bytes: 9 }] {
            assert_eq!(Omission::read(&omission.to_line()), Some(omission));
        }
        assert_eq!(Omission::read("… many lines are left out here"), None);
        assert_eq!(Omission::read("a line"), None);
    }
}
