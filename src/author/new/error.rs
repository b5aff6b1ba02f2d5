//! Why nothing was made.

use std::path::PathBuf;

use thiserror::Error;

use crate::workbook::Faults;

/// Why nothing was made.
#[derive(Debug, Error)]
pub enum Error {
    /// The name is not one.
    #[error(
        "name the exercise `{0}`: write CHAPTER/NAME, a chapter of two digits and snake_case and a name in snake_case, as in \
         `01_inert_plans/lazy_call`"
    )]
    Name(String),
    /// The workbook that it is for cannot be read.
    #[error(transparent)]
    Workbook(#[from] Faults),
    /// Another step has that name.
    #[error("make `{name}`: {place} already has a step of that name, and names are unique in a workbook")]
    Taken {
        /// The name.
        name: String,
        /// The chapter that has it.
        place: String,
    },
    /// There is something already.
    #[error("make {what}: {} already there, and nothing is overwritten: {}", if .files.len() == 1 { "this is" } else { "these are" }, .files.join(", "))]
    Exists {
        /// What was to be made.
        what: String,
        /// What is there.
        files: Vec<String>,
    },
    /// A manifest is not written as the format has it.
    #[error("add to {file}: {problem}")]
    Manifest {
        /// The manifest.
        file: String,
        /// What stands in the way.
        problem: String,
    },
    /// The disk refuses.
    #[error("write {}", .file.display())]
    Write {
        /// What could not be written.
        file: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}
