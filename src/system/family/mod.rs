//! A child and all that it starts: a family, begun and ended as one.
//!
//! On Unix a family is a process group, and what left the group is adopted (Linux). On Windows it is a job object, which nothing
//! can leave and which ends with this process, whatever ends that.

mod id;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
pub(crate) use unix::{
    CPU_IS_UP, NOT_BUILT, ended_by, found, give_way, id_of, interrupt, kill, kill_left, limit_cpu, terminate,
    wait, yield_to_others,
};
#[cfg(windows)]
pub(crate) use windows::{
    CPU_IS_UP, NOT_BUILT, ended_by, found, give_way, id_of, interrupt, kill, kill_left, limit_cpu, terminate,
    wait, yield_to_others,
};

pub(crate) use id::Id;
#[cfg(target_os = "linux")]
pub(crate) use linux::{children, descendants, folder};
