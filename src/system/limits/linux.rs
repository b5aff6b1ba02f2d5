//! What inotify complains about.

use std::io;

use rustix::io::Errno;

use super::Lack;

/// Why files cannot be watched, where the system tells.
pub(crate) fn watching(error: &io::Error) -> Option<Lack> {
    match error.raw_os_error().map(Errno::from_raw_os_error) {
        Some(Errno::NOSPC) => Some(Lack::Watches),
        Some(Errno::MFILE) => Some(Lack::Files),
        _ => None,
    }
}
