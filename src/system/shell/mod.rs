//! Command lines of the learner's, and paths that they copy.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
pub(crate) use unix::{NOT_FOUND, detach, run_with, word};
#[cfg(windows)]
pub(crate) use windows::{NOT_FOUND, detach, run_with, word};
