//! State → text: what a learner sees, as lines of spans that each have a role.
//!
//! Everything here is a pure function of values. Widths are counted in terminal columns; colour exists only in
//! [`colour`]. Text that came from outside (the compiler, a learner's program) passes through [`sanitize`](crate::verdict::sanitize) before it
//! becomes a span, so a program under test cannot write on the learner's terminal.

mod bar;
mod book;
mod check;
pub mod colour;
mod diagnostic;
mod diff;
mod heading;
mod help;
mod hint;
mod line;
mod list;
mod markdown;
mod program;
mod quiz;
mod stage;
mod table;
mod text;
mod timeline;
mod transcript;
mod verdict;
pub mod watch;
mod wrap;

#[cfg(test)]
mod tests;

pub use bar::Tally;
pub use book::{BookView, book, overhang};
pub use check::{Checked, NOTHING_TO_CHECK, check_summary, checking};
pub use diff::diff;
pub use heading::{Heading, heading};
pub use help::{KeyHelp, help};
pub use hint::{hint, hints};
pub use line::{Line, Role, Span};
pub use list::{Badge, ListFilter, ListView, Row, Show, counted, list};
pub use markdown::markdown;
pub use program::{ProgramEnd, ProgramView, Still};
pub use quiz::{QuizView, Ran, quiz};
pub use stage::Stage;
pub use timeline::{has_timeline, timelines};
pub use transcript::Transcript;
pub use verdict::{diagnosed, headline, verdict};
