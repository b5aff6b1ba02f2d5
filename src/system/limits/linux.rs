//! What inotify complains about, and how a file system was mounted.

use std::io;
use std::path::Path;

use rustix::fs::StatVfsMountFlags;
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

/// Whether no program may be run from there.
pub(crate) fn forbids_execution(folder: &Path) -> bool {
    // The nearest folder that is there.
    let there = folder.ancestors().find(|folder| folder.exists());
    there
        .and_then(|folder| rustix::fs::statvfs(folder).ok())
        .is_some_and(|system| system.f_flag.contains(StatVfsMountFlags::NOEXEC))
}
