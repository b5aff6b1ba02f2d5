//! What is graded.

use std::path::PathBuf;

/// The text to grade.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// Read when the grading starts.
    Path(PathBuf),
    /// Given as it is.
    Text(String),
}
