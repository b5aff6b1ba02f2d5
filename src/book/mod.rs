//! The workbook as a book: static HTML pages with its chapters, tasks and starters, which need neither a network nor this program.
//!
//! The pages are a pure function of the workbook. They hold what a learner sees before solving anything: no hint, no hidden test,
//! no solution, and no choice of a question.

mod folder;
mod markdown;
mod page;
mod rust;
mod search;
mod site;

pub use folder::{Error, write};
pub use site::{INDEX, Page, pages};
