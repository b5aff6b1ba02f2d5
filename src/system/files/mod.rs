//! Modes, links, and what makes a rename last.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
pub(crate) use unix::{execute_only, link, make_ours, open_to_all, ordinary, sync_folder};
#[cfg(windows)]
pub(crate) use windows::{execute_only, link, make_ours, open_to_all, ordinary, sync_folder};
