//! What a workspace is worth: each exercise with what the progress file claims and what grading from source found, and
//! that as the bytes that other systems read.
//!
//! A report is a value. How it came about (which commands were run, which walls stood) is told in its [`Basis`]; each
//! format is a pure function of it, in a file of its own.

pub mod cohort;
mod formats;
mod output;
mod report;
mod row;
mod source;

#[cfg(test)]
mod sample;

pub use formats::classroom50::{Submission, classroom50};
pub use formats::csv::csv;
pub use formats::exercism::exercism;
pub use formats::gradescope::gradescope;
pub use formats::json::json;
pub use formats::junit::junit;
pub use formats::text::text;
pub use output::{write, write_with};
pub use report::{Basis, ChapterName, Report, Totals, totals};
pub use row::{Doubt, Finding, Recorded, Row, Standing, speaks_of};
pub use source::source_in;
