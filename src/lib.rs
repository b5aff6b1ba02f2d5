//! An auto-graded workbook for Tokio and async Rust.
//!
//! The map of the house, from what knows nothing to what knows all (an arrow is an import; nothing runs back):
//!
//! ```text
//! main → cli → commands → { watch, report, author, book } → { workspace, grader, screen } → { verdict, workbook, system }
//! ```
//!
//! - [`workbook`]: what there is to learn, read once into plain values.
//! - [`verdict`]: what a grading found; evidence is judged by a pure function.
//! - [`grader`]: the only part that runs compilers and learners' code.
//! - [`workspace`]: the learner's folder: set-up, progress, reset with backup.
//! - [`screen`]: state → text; the only part that knows colour and width.
//! - [`watch`]: the session: one `select!` loop around a pure state machine.
//! - [`author`]: what proves an exercise good before a learner meets it.
//! - [`book`]: the workbook as static web pages.
//! - [`report`]: progress and verdicts → the formats that other systems read.
//! - `system`: what differs from one operating system to the next; knows nothing of the others.
//! - [`commands`]: one file a command, each a few lines of glue.

pub mod author;
pub mod book;
pub mod cli;
pub mod commands;
pub mod grader;
pub mod report;
pub mod screen;
mod system;
pub mod verdict;
pub mod watch;
pub mod workbook;
pub mod workspace;
