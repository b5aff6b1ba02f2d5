//! The stage of a grading, in words, and the spinner in front of it.

use super::line::{Line, Role};

/// The stage of a grading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage<'a> {
    /// It has just begun.
    Starting,
    /// The crates that exercises use are being built.
    Preparing {
        /// How many are done.
        built: usize,
        /// The latest.
        crate_name: &'a str,
    },
    /// The compiler is at work.
    Compiling,
    /// Hidden tests are running.
    Testing {
        /// How many ended.
        done: usize,
        /// How many there are.
        total: usize,
    },
}

const SPINNER: [&str; 10] = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

pub(super) fn spinner(tick: usize) -> Line {
    Line::of(Role::Key, SPINNER[tick % SPINNER.len()]).and(Role::Plain, " ")
}

/// The same for the program of a prediction.
pub(super) fn running(stage: Stage<'_>) -> Line {
    match stage {
        Stage::Starting | Stage::Testing { .. } => Line::of(Role::Title, "Running the program…"),
        Stage::Preparing { .. } | Stage::Compiling => self::stage(stage),
    }
}

pub(super) fn stage(stage: Stage<'_>) -> Line {
    match stage {
        Stage::Starting => Line::of(Role::Title, "Grading…"),
        Stage::Preparing { built, crate_name } => {
            Line::of(Role::Title, "Building the crates that exercises use: ")
                .and(Role::Code, crate_name)
                .and(Role::Dim, format!(" ({built} done; this happens once)"))
        }
        Stage::Compiling => Line::of(Role::Title, "Compiling…"),
        Stage::Testing { done, total } => Line::of(Role::Title, "Running the hidden tests…")
            .and(Role::Dim, format!(" {done} of {total} done")),
    }
}
