//! Faults of a workbook's files, all reported at once.

use std::fmt;

/// One fault: where it is, what is wrong, what to do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The file, as its author knows it (`exercises/01_inert_plans/chapter.toml`).
    pub file: String,
    /// The line, from 1; `None` when the file as a whole is meant (it is missing, say).
    pub line: Option<usize>,
    /// What is wrong, and the next step.
    pub problem: String,
}

/// Every fault found in a workbook, in file and line order. Never empty when it is an error.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Faults(pub Vec<Fault>);

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.file, self.problem),
            None => write!(f, "{}: {}", self.file, self.problem),
        }
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.0.len();
        let plural = if count == 1 { "fault" } else { "faults" };
        write!(f, "read the workbook: {count} {plural}")?;
        for fault in &self.0 {
            write!(f, "\n  {fault}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}
