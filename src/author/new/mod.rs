//! `author new`: an exercise to fill in, or a whole workbook to begin with. Nothing that is there is ever overwritten.
//!
//! Both come from the same template, which is a good exercise as it stands. In a new workbook it is the sample; for a new
//! exercise its prose is left to be written, so that there is nothing to delete and every place to fill in is named by
//! `author check`.

mod error;
mod files;
mod make;
mod prose;

pub use error::Error;
pub use make::{exercise, prediction, to_fill, workbook};
