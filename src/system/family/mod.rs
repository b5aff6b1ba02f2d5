//! A child and all that it starts: a family, begun and ended as one.
//!
//! On Unix a family is a process group, and what left the group is adopted (Linux). On Windows it is a job object, which nothing
//! can leave and which ends with this process, whatever ends that.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
pub(crate) use unix::{
    NOT_BUILT, ended_by, found, give_way, id_of, interrupt, kill, kill_left, terminate, wait,
};
#[cfg(windows)]
pub(crate) use windows::{
    NOT_BUILT, ended_by, found, give_way, id_of, interrupt, kill, kill_left, terminate, wait,
};

/// A family, by its head's number.
pub(crate) type Id = u32;
