//! How this program is told to build walls, and how it says what is wrong.

use std::io::Write;
use std::process::ExitCode;

/// The first argument that makes this program a wall builder.
pub const WORD: &str = "confined";

/// Says what is wrong. Whoever started this reads it; if nobody does, nobody needs it.
pub(super) fn fail(problems: &[String]) -> ExitCode {
    let lines: String = problems.iter().map(|problem| format!("{problem}\n")).collect();
    let _ = std::io::stderr().write_all(lines.as_bytes());
    ExitCode::from(125)
}
