//! Folders that somebody else filled, read without ever leaving them: no symbolic link is followed, and nothing but
//! ordinary files of a bounded size is opened for long.
//!
//! On Unix a folder is held open, and what is below it is opened from there, so that nobody can put a link in the way meanwhile. On
//! Windows each part of the way is looked at before it is entered, and the file again once it is open: links, junctions and
//! mounts are refused (a file of a cloud folder is no link), but somebody who changes the folder at just that moment is not noticed.

mod bytes;
mod refusal;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

pub use refusal::Refusal;
#[cfg(unix)]
pub use unix::Folder;
#[cfg(windows)]
pub use windows::Folder;
