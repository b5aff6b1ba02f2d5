//! What watchers can lack.

/// What there was too little of when files should be watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lack {
    /// inotify's watches, one a folder.
    Watches,
    /// inotify's instances, one a program; or this program's own open files.
    Files,
}
