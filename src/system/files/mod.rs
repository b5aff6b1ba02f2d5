//! Modes, links, and what makes a rename last.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
pub(crate) use unix::{execute_only, let_all_read, link, make_ours, ordinary, persist, rename, sync_folder};
#[cfg(windows)]
pub(crate) use windows::{
    execute_only, let_all_read, link, make_ours, ordinary, persist, rename, sync_folder,
};
