//! Mutants of a solution that behave like the solution, recorded beside the other files of the exercise in
//! `tests/equivalent/<chapter>/<name>.toml`. What mutants there are is not known here.

use std::path::Path;

use super::Exercise;
use super::fault::Faults;
use super::files::{Files, Folder};
use super::walk::{Document, Findings, Table};

/// The folder of the records, below the workbook's root.
pub(super) const FOLDER: &str = "tests/equivalent";

/// A mutant that hidden tests cannot catch, and why. It is named by what it changes, not by a line number, so that it
/// stays true while the file around it changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Equivalent {
    /// The file that it is recorded in, below the workbook's root.
    pub file: String,
    /// The line where the record begins, from 1.
    pub line: usize,
    /// What kind of change it is.
    pub operator: String,
    /// The function that it is in.
    pub within: String,
    /// The lines of the solution that it touches, as one.
    pub before: String,
    /// What stands there instead; empty when nothing does.
    pub after: String,
    /// Which of several that are alike, from 1.
    pub nth: Option<usize>,
    /// Why no hidden test can tell it from the solution.
    pub reason: String,
}

/// The recorded equivalent mutants of an exercise, in the order of the file; none when there is no file.
///
/// # Errors
/// Every fault of the file.
pub fn equivalents(root: &Path, exercise: &Exercise) -> Result<Vec<Equivalent>, Faults> {
    let findings = Findings::default();
    let records = read(&Folder::new(root), exercise, &findings);
    findings.into_result().map(|()| records)
}

/// As [`equivalents`], for files that lie anywhere.
pub(super) fn read(files: &dyn Files, exercise: &Exercise, findings: &Findings) -> Vec<Equivalent> {
    let file = format!("{FOLDER}/{}/{}.toml", exercise.chapter, exercise.name);
    let text = match files.read(&file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Vec::new(),
        Err(error) => {
            findings.unreadable(&file, &error);
            return Vec::new();
        }
    };
    let document = Document::parse(&file, &text, findings);
    let top = document.top("a file of equivalent mutants");
    if !top.has("mutant") {
        top.missing("mutant", "at least one `[[mutant]]`; if there are none, delete the file");
    }
    let records =
        top.tables("mutant", "an equivalent mutant").iter().map(|table| record(&file, table)).collect();
    top.finish();
    records
}

fn record(file: &str, table: &Table<'_>) -> Equivalent {
    let record = Equivalent {
        file: file.to_owned(),
        line: table.line().unwrap_or(1),
        operator: table.needed_text("operator"),
        within: table.needed_text("in"),
        before: table.needed_text("before"),
        after: table.text("after").map(|text| text.value).unwrap_or_default(),
        nth: table.number("nth", 0).map(|nth| {
            if nth.value == 0 {
                table.fault(nth.line, "`nth` is 0, but counts from 1");
            }
            nth.value as usize
        }),
        reason: table.needed_text("reason"),
    };
    table.finish();
    record
}
