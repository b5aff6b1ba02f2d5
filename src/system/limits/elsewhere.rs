//! What other watchers complain about.

use std::io;
use std::path::Path;

use super::Lack;

/// The system's number for a process that may open no more files.
const TOO_MANY_FILES: i32 = if cfg!(windows) { 4 } else { 24 };

/// Why files cannot be watched, where the system tells.
pub(crate) fn watching(error: &io::Error) -> Option<Lack> {
    (error.raw_os_error() == Some(TOO_MANY_FILES)).then_some(Lack::Files)
}

/// Whether no program may be run from there; nobody tells.
pub(crate) fn forbids_execution(_folder: &Path) -> bool {
    false
}
