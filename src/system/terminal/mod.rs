//! Whose turn on the terminal it is.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
pub(crate) use unix::{in_background, stop};
#[cfg(windows)]
pub(crate) use windows::{in_background, stop};
